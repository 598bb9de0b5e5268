package dev.weft.runtime.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MakerTest {

    @BeforeEach
    void namespaces() {
        Namespaces.require();
    }

    @Test
    void anErrorReachesWhoeverWaitsAndTheThreadGoesOn() throws IOException {
        try (Maker maker = Maker.start()) {
            assertThatThrownBy(() -> maker.call(() -> {
                        throw new AssertionError("no more memory");
                    }))
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(AssertionError.class);
            maker.execute(() -> {
                throw new AssertionError("again");
            });
            assertThat(maker.call(() -> 1)).isEqualTo(1);
        }
    }

    @Test
    void nobodyWaitsForATaskAfterTheEnd() throws IOException {
        Maker maker = Maker.start();
        maker.close();
        assertThatThrownBy(() -> maker.call(() -> 1)).isInstanceOf(IOException.class);
    }
}
