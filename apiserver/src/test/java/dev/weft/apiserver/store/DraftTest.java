package dev.weft.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a write sees of those before it in its group, which are not committed yet. */
class DraftTest {

    private static final Key KEPT = Kinds.CONFIG_MAP.key("default", "kept");
    private static final Key GONE = Kinds.CONFIG_MAP.key("default", "gone");
    private static final Key NEW = Kinds.CONFIG_MAP.key("default", "new");

    @Test
    void listsWhatItsGroupHasWrittenAndNotWhatItHasRemoved() {
        Draft group = new Draft(new Index(List.of(numbered(KEPT), numbered(GONE)), 2));
        group.put(NEW, Resource.of(NEW).edit());
        group.remove(numbered(GONE));

        assertThat(new Draft(group).all()).extracting(Resource::key).containsExactly(KEPT, NEW);
    }

    private static Resource numbered(Key key) {
        Resource plain = Resource.of(key);
        var json = plain.edit();
        json.withObject("/metadata").put("uid", key.name()).put("resourceVersion", "1");
        return new Resource(plain.kind(), json);
    }
}
