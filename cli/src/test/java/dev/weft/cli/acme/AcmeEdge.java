package dev.weft.cli.acme;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.ControlPlane;
import dev.weft.control.acme.CertificateKeeper;
import dev.weft.control.acme.HostCertificates;
import dev.weft.control.compile.EdgeOptions;
import dev.weft.control.identity.IdentityAuthority;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.ProxyOptions;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A control plane that keeps certificates, and its edge on real sockets. */
final class AcmeEdge implements AutoCloseable {

    private final MemoryStore store;
    private final IdentityAuthority authority;
    private final ControlPlane control;
    private final Proxy proxy;
    private final CertificateKeeper keeper;

    AcmeEdge(MemoryStore store, TestClock clock, Path folder, Lookout ports) throws IOException {
        this.store = store;
        this.authority = IdentityAuthority.open(folder, clock, IdentityAuthority.LEAF_VALIDITY);
        HostCertificates certificates = new HostCertificates();
        EdgeOptions options = new EdgeOptions("127.0.0.1", ports.httpPort(), ports.httpsPort(), List.of("localhost"));
        this.control = new ControlPlane(store, new Nothing(), options, clock, 1_000, certificates);
        this.proxy = new Proxy(
                new ProxyOptions(2),
                control,
                (service, patience) -> CompletableFuture.failedFuture(new IllegalStateException("no capacity")),
                new Unheard(),
                authority);
        this.keeper = new CertificateKeeper(store, certificates, control::current, clock, new Random(1));
        keeper.recall();
        control.start();
        proxy.start();
        keeper.start();
    }

    private record Nothing() implements Endpoints {
        @Override
        public List<Instance> instances() {
            return List.of();
        }

        @Override
        public void onChange(Runnable listener) {}
    }

    private record Unheard() implements OutcomeListener {
        @Override
        public void routed(ServiceName service) {}

        @Override
        public void ended(Outcome outcome) {}
    }

    @Override
    public void close() {
        keeper.close();
        proxy.close();
        control.close();
        authority.close();
    }

    static void apply(MemoryStore store, String yaml) {
        Documents documents = Documents.parse("given.yaml", yaml);
        assertThat(documents.problems()).isEmpty();
        documents
                .documents()
                .forEach(document -> store.apply(new Resource(
                        Kinds.find(
                                        group(document.json()),
                                        document.json().get("kind").asString())
                                .orElseThrow(),
                        withNamespace(document.json()))));
    }

    private static String group(ObjectNode json) {
        String version = json.get("apiVersion").asString();
        return version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
    }

    private static ObjectNode withNamespace(ObjectNode json) {
        ObjectNode copy = json.deepCopy();
        copy.withObject("/metadata").put("namespace", "default");
        return copy;
    }

    JsonNode status(String host) {
        return store.get(Kinds.HOST.key("default", host)).orElseThrow().at("/status");
    }

    void awaitState(String host, String state) {
        await(() -> status(host).path("state").asString("").equals(state)
                && !status(host).path("phaseCompleted").isMissingNode());
    }

    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
