package dev.weft.apiserver.kinds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.schema.KindSchemas;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServedKindsTest {

    @Test
    void whatIsDescribedIsServedAndWhatIsServedIsDescribed() {
        List<String> served = new ServedKinds()
                .all().stream().flatMap(ServedKindsTest::versions).toList();

        assertThat(KindSchemas.described()).containsExactlyInAnyOrderElementsOf(served);
    }

    private static Stream<String> versions(ServedKind kind) {
        return kind.versions().stream()
                .map(version -> kind.apiVersion(version) + " " + kind.kind().kind());
    }
}
