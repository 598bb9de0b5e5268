package dev.weft.control.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.resources.core.Service;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints of Services with a selector. */
class EndpointsWriterTest {

    private static final Key SERVICE = Kinds.SERVICE.key("default", "quote");
    private static final Key ENDPOINTS = Kinds.ENDPOINTS.key("default", "quote");

    private final MemoryStore store = new MemoryStore();
    private final EndpointsWriter writer = new EndpointsWriter(store);

    @Test
    void writesAgainWhatSomebodyDeletedOrChanged() {
        ObjectNode json = Resource.of(SERVICE).edit();
        json.withObject("/spec/selector").put("app", "quote");
        json.withObject("/spec").putArray("ports").addObject().put("port", 80);
        Resource resource = store.create(new Resource(Kinds.SERVICE, json));
        List<Service> services = List.of(Service.read(resource).value().orElseThrow());
        writer.write(services, List.of());
        store.delete(ENDPOINTS);

        writer.write(services, List.of());

        Resource written = store.get(ENDPOINTS).orElseThrow();
        writer.write(services, List.of());
        assertThat(store.get(ENDPOINTS)).as("only what differs").hasValue(written);

        ObjectNode changed = written.edit();
        changed.putArray("subsets")
                .addObject()
                .putArray("addresses")
                .addObject()
                .put("ip", "192.0.2.1");
        store.update(new Resource(Kinds.ENDPOINTS, changed));
        writer.write(services, List.of());
        assertThat(store.get(ENDPOINTS).orElseThrow().at("/subsets")).isEmpty();
    }
}
