package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class OldEventsTest {

    @Test
    void removesAnEventAnHourAfterItWasLastSeen() {
        MemoryStore store = new MemoryStore();
        store.create(event("old", "2026-01-01T10:59:59Z"));
        store.create(event("new", "2026-01-01T11:00:01Z"));
        try (OldEvents events = new OldEvents(store, InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z")))) {
            events.removeNow();
        }
        assertThat(store.list(Kinds.EVENT)).extracting(Resource::name).containsExactly("new");
    }

    private static Resource event(String name, String lastSeen) {
        Key key = Kinds.EVENT.key("default", name);
        ObjectNode json = Resource.of(key).edit();
        json.put("lastTimestamp", lastSeen);
        return new Resource(Kinds.EVENT, json);
    }
}
