package dev.weft.runtime.names;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Change;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What addresses mean that the platform gives out. */
class ClusterNamesTest {

    private final MemoryStore store = new MemoryStore();
    private final ClusterNames names = new ClusterNames(store, List::of);

    private Resource service(String name, String spec) {
        Kind kind = Kinds.SERVICE;
        ObjectNode node = (ObjectNode) JsonMapper.shared()
                .readTree("{'metadata': {'name': '%s', 'namespace': 'shop'}, 'spec': %s}"
                        .formatted(name, spec)
                        .replace('\'', '"'));
        node.put("apiVersion", kind.apiVersion());
        node.put("kind", kind.kind());
        Resource stored = store.apply(new Resource(kind, node));
        names.serviceChanged(new Change(Change.Type.ADDED, stored));
        return stored;
    }

    private Reached reached(String address, int port) {
        return names.reached("shop/caller", new InetSocketAddress(address, port));
    }

    private static Reached.ServiceAddress of(String service, int port) {
        return new Reached.ServiceAddress(new ServicePort(new ServiceName("shop", service), port));
    }

    @Test
    void aServiceIsToldTheAddressThatItIsReachedAt() {
        Resource told =
                names.withAddress(service("quote", "{'ports': [{'port': 80}]}")).orElseThrow();
        String address = told.at("/spec/clusterIP").asString();
        assertThat(address).startsWith("10.96.");
        assertThat(told.at("/spec/clusterIPs/0").asString()).isEqualTo(address);
        assertThat(names.withAddress(told)).isEmpty();
        assertThat(reached(address, 80)).isEqualTo(of("quote", 80));
    }

    @Test
    void namesThatLeadInARingEndInAFailure() {
        service("one", "{'type': 'ExternalName', 'externalName': 'two.shop.svc.cluster.local'}");
        service("two", "{'type': 'ExternalName', 'externalName': 'one.shop.svc.cluster.local'}");
        Resolver resolver = new Resolver(names, "shop/caller", new HostResolver(), false);
        assertThat(resolver.answer("one.shop.svc.cluster.local", Question.A).code())
                .isEqualTo(Answer.Code.FAILED);
    }

    @Test
    void anAddressOfItsOwnIsItsAddress() {
        service("db", "{'clusterIP': '10.96.0.50', 'ports': [{'port': 5432}]}");
        assertThat(reached("10.96.0.50", 5432)).isEqualTo(of("db", 5432));
        assertThat(reached("fd10:96::32", 5432)).isEqualTo(of("db", 5432));
    }

    @Test
    void whatAnotherHasOrThePlatformItselfIsNotGiven() {
        service("first", "{'clusterIP': '10.96.0.50', 'ports': [{'port': 80}]}");
        service("second", "{'clusterIP': '10.96.0.50', 'ports': [{'port': 80}]}");
        service("third", "{'clusterIP': '10.96.0.10', 'ports': [{'port': 80}]}");
        assertThat(reached("10.96.0.50", 80)).isEqualTo(of("first", 80));
        assertThat(reached("10.96.0.10", 80)).isInstanceOf(Reached.Nothing.class);
    }

    @Test
    void anAddressOutsideHasTheNameThatThisPodAskedFor() throws UnknownHostException {
        InetAddress shared = InetAddress.ofLiteral("203.0.113.7");
        names.podConnected("shop/one", InetAddress.ofLiteral("10.244.0.5"));
        names.podConnected("shop/two", InetAddress.ofLiteral("10.244.0.6"));
        names.knownAs("shop/one", shared, "bank.example");
        names.knownAs("shop/two", shared, "evil.example");
        for (int i = 0; i < 2_000; i++) {
            names.knownAs(
                    "shop/two", InetAddress.getByAddress(new byte[] {100, 64, (byte) (i >> 8), (byte) i}), "many");
        }
        assertThat(outside("shop/one", shared)).isEqualTo("bank.example");
        assertThat(outside("shop/two", shared)).as("the oldest of too many").isEqualTo("203.0.113.7");
        names.podGone("shop/one", InetAddress.ofLiteral("10.244.0.5"));
        assertThat(outside("shop/one", shared)).isEqualTo("203.0.113.7");
    }

    private String outside(String pod, InetAddress address) {
        return ((Reached.Outside) names.reached(pod, new InetSocketAddress(address, 443))).name();
    }

    @Test
    void aHeadlessServiceHasNone() {
        assertThat(names.withAddress(service("pods", "{'clusterIP': 'None', 'ports': [{'port': 80}]}")))
                .isEmpty();
        assertThat(names.withAddress(service("far", "{'type': 'ExternalName', 'externalName': 'far.example'}")))
                .isEmpty();
    }

    @Test
    void theApiIsReachedByItsNameWhateverTheNamespaceDenies() {
        names.platformPorts(7443, Set.of(7443));
        assertThat(reached("10.96.0.1", 443))
                .isEqualTo(new Reached.Outside("kubernetes.default.svc", "127.0.0.1", 7443));
        assertThat(reached("10.96.0.1", 7443)).isInstanceOf(Reached.Nothing.class);
        assertThat(reached("10.96.0.2", 7443)).as("as the host's").isInstanceOf(Reached.Nothing.class);
    }
}
