package dev.weft.runtime.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a program finds services: by the variables that Kubernetes sets, led through the mesh. */
class ServiceLinksTest {

    private final MemoryStore store = new MemoryStore();
    private final ServiceLinks links = new ServiceLinks(store);

    private void service(String name, String ports) {
        String yaml = "apiVersion: v1\nkind: Service\nmetadata: {name: " + name
                + ", namespace: default}\nspec: {ports: [" + ports + "]}\n";
        store.create(Validation.of(Documents.parse("s.yaml", yaml).documents().getFirst())
                .resource()
                .orElseThrow());
    }

    @Test
    void aServiceOfRequestsIsToldByNameAndNeedsNoWayOutOfItsOwn() {
        service("quote-api", "{name: http, port: 80}");

        assertThat(links.wanted("default")).isEmpty();
        assertThat(links.variables("default", "127.1.0.1", List.of()))
                .containsEntry("QUOTE_API_SERVICE_HOST", "quote-api.default.svc.cluster.local")
                .containsEntry("QUOTE_API_SERVICE_PORT", "80")
                .containsEntry("QUOTE_API_SERVICE_PORT_HTTP", "80")
                .doesNotContainKey("QUOTE_API_PORT");
    }

    @Test
    void anyOtherServiceIsToldByThePodsOwnAddressAndPort() {
        service("redis", "{name: redis, port: 6379}, {name: metrics, port: 9121}");

        assertThat(links.wanted("default"))
                .containsExactly(ServicePort.parse("default/redis:6379"), ServicePort.parse("default/redis:9121"));
        ServiceName redis = new ServiceName("default", "redis");
        assertThat(links.variables(
                        "default",
                        "127.1.0.1",
                        List.of(new Instance.Outlet(redis, 6379, 40_001), new Instance.Outlet(redis, 9121, 40_002))))
                .containsEntry("REDIS_SERVICE_HOST", "127.1.0.1")
                .containsEntry("REDIS_SERVICE_PORT", "40001")
                .containsEntry("REDIS_SERVICE_PORT_METRICS", "40002")
                .containsEntry("REDIS_PORT", "tcp://127.1.0.1:40001")
                .containsEntry("REDIS_PORT_6379_TCP", "tcp://127.1.0.1:40001")
                .containsEntry("REDIS_PORT_6379_TCP_PROTO", "tcp")
                .containsEntry("REDIS_PORT_6379_TCP_PORT", "40001")
                .containsEntry("REDIS_PORT_6379_TCP_ADDR", "127.1.0.1");
    }

    @Test
    void servicesOfOtherNamespacesAreNotTold() {
        service("redis", "{port: 6379}");

        assertThat(links.wanted("other")).isEmpty();
        assertThat(links.variables("other", "127.1.0.1", List.of())).isEmpty();
    }
}
