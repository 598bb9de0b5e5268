package dev.weft.resources.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Owners that go round in a circle. */
class OwnerCheckTest {

    private final Map<Key, Resource> there = new HashMap<>();

    @Test
    void findsTheCircleBehindAnOwnerThatIsNone() {
        put("top");
        put("b", "top", "c"); // the first owner leads nowhere
        put("c", "a");
        Resource a = put("a", "top", "b");

        assertThat(OwnerCheck.of(a, this::owner))
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains("metadata.ownerReferences[1]")
                .contains("ConfigMap a, owned by ConfigMap b, owned by ConfigMap c, owned by ConfigMap a.");
    }

    @Test
    void findsNoneWhereTheCircleIsElsewhereOrWaysMeet() {
        put("top");
        put("left", "top");
        put("right", "top");
        put("x", "y");
        put("y", "x");
        Resource a = put("a", "left", "right", "x");

        assertThat(OwnerCheck.of(a, this::owner)).isEmpty();
    }

    @Test
    void findsTheCircleThatIsLong() {
        for (int i = 1; i < 200; i++) {
            put("n" + i, "n" + (i + 1) % 200);
        }
        Resource first = put("n0", "n1");

        assertThat(OwnerCheck.of(first, this::owner)).hasSize(1);
    }

    private Resource put(String name, String... owners) {
        Key key = Kinds.CONFIG_MAP.key("default", name);
        ObjectNode json = Resource.of(key).edit();
        ArrayNode references = json.withObject("/metadata").putArray("ownerReferences");
        Arrays.stream(owners)
                .forEach(owner -> references
                        .addObject()
                        .put("apiVersion", "v1")
                        .put("kind", "ConfigMap")
                        .put("name", owner)
                        .put("uid", owner));
        Resource resource = new Resource(Kinds.CONFIG_MAP, json);
        there.put(key, resource);
        return resource;
    }

    private Optional<Resource> owner(Key key, String uid) {
        return there.values().stream()
                .filter(it ->
                        it.namespace().equals(key.namespace()) && it.name().equals(key.name()))
                .findFirst();
    }
}
