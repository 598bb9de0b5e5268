package dev.weft.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.compile.EdgeOptions;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ControlPlaneTest {

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: quote}
            spec: {selector: {app: quote}, ports: [{port: 80, targetPort: 8080}]}
            """;

    private static final String SPLIT = """
            apiVersion: split.smi-spec.io/v1alpha4
            kind: TrafficSplit
            metadata: {name: quote}
            spec: {service: quote, backends: [{service: quote, weight: 1}, {service: quote-v2, weight: 1}]}
            """;

    private final MemoryStore store = new MemoryStore();
    private final Running running = new Running();
    private final ControlPlane control =
            new ControlPlane(store, running, EdgeOptions.DEFAULT, Clock.systemUTC(), 1_000);

    @AfterEach
    void close() {
        control.close();
    }

    @Test
    void publishesWhatIsDeclaredAndEveryChangeInOrderOfVersion() {
        List<Snapshot> seen = new CopyOnWriteArrayList<>();
        apply(SERVICE);
        control.onChange(seen::add);
        control.start();
        await(snapshot -> snapshot.groups().containsKey(ServicePort.parse("default/quote:80")));

        running.set(instance(true));
        await(snapshot -> !endpoints(snapshot).isEmpty());
        running.set(instance(false));
        await(snapshot -> endpoints(snapshot).isEmpty());

        assertThat(seen).extracting(Snapshot::version).isSorted().doesNotHaveDuplicates();
        assertThat(seen.get(1).version()).isEqualTo(1_000);
        assertThat(seen.getLast().meshFrontends())
                .isSameAs(seen.get(seen.size() - 2).meshFrontends());
    }

    @Test
    void writesVerdictsIntoStatusesAndMendsThem() {
        apply(SERVICE);
        apply(SPLIT);
        control.start();

        await(() -> condition("Accepted").isPresent());
        ObjectNode refused = condition("Accepted").orElseThrow();
        assertThat(refused.get("status").asString()).isEqualTo("False");
        assertThat(refused.get("reason").asString()).isEqualTo("BackendNotFound");
        assertThat(refused.get("message").asString()).contains("backend \"quote-v2\" has no Service.");
        assertThat(refused.get("observedGeneration").asInt()).isEqualTo(1);

        apply(SERVICE.replace("name: quote}", "name: quote-v2}"));
        await(() -> accepted("True"));
        assertThat(condition("Programmed").orElseThrow().get("status").asString())
                .isEqualTo("True");
    }

    @Test
    void keepsServingTheLastGoodStateOfAResourceThatTurnsBad() {
        apply(SERVICE);
        apply(SERVICE.replace("name: quote}", "name: quote-v2}"));
        Resource good = apply(SPLIT);
        control.start();
        await(snapshot -> weights(snapshot).equals(List.of(1, 1)));

        ObjectNode bad = good.edit();
        bad.withObject("/spec").put("backends", "none");
        bad.withObject("/metadata").remove("resourceVersion"); // its status is being written meanwhile
        store.update(new Resource(Kinds.TRAFFIC_SPLIT, bad));
        await(() -> accepted("False"));

        assertThat(weights(control.current())).containsExactly(1, 1);
    }

    @Test
    void writesEndpointSlicesForPeopleToSee() {
        apply(SERVICE);
        running.set(instance(false));
        control.start();

        await(() -> slice().isPresent());
        assertThat(slice().orElseThrow().at("/endpoints/0/addresses/0").asString())
                .isEqualTo("127.1.0.1");
        assertThat(slice().orElseThrow().at("/endpoints/0/conditions/ready").asBoolean())
                .isFalse();
        running.set(instance(true));
        await(() -> slice().orElseThrow().at("/endpoints/0/conditions/ready").asBoolean());
        assertThat(slice().orElseThrow().labels()).containsEntry("kubernetes.io/service-name", "quote");
    }

    @Test
    void takesWorkThatItDoesNotOwnToAnEvent() {
        apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: quote, annotations: {timeout.linkerd.io/request: soon}}
                spec: {selector: {app: quote}, ports: [{port: 80}]}
                """);
        control.start();

        await(() -> !store.list(Kinds.EVENT).isEmpty());
        Resource event = store.list(Kinds.EVENT).getFirst();
        assertThat(event.at("/reason").asString()).isEqualTo("DurationInvalid");
        assertThat(event.at("/involvedObject/name").asString()).isEqualTo("quote");
    }

    private Optional<Resource> slice() {
        return store.get(Kinds.ENDPOINT_SLICE.key("default", "quote-weft"));
    }

    private boolean accepted(String status) {
        return condition("Accepted")
                .filter(condition -> condition.get("status").asString().equals(status))
                .isPresent();
    }

    private Optional<ObjectNode> condition(String type) {
        Resource split = store.get(Kinds.TRAFFIC_SPLIT.key("default", "quote")).orElseThrow();
        for (var condition : split.at("/status/conditions")) {
            if (condition.path("type").asString().equals(type)) {
                return Optional.of((ObjectNode) condition);
            }
        }
        return Optional.empty();
    }

    private static List<Integer> weights(Snapshot snapshot) {
        return Optional.ofNullable(snapshot.meshFrontends().get(ServicePort.parse("default/quote:80"))).stream()
                .flatMap(frontend -> frontend.rules().getFirst().backends().stream())
                .filter(weighted -> weighted.backend() instanceof Backend.Service)
                .map(weighted -> weighted.weight())
                .toList();
    }

    private static List<?> endpoints(Snapshot snapshot) {
        return Optional.ofNullable(snapshot.groups().get(ServicePort.parse("default/quote:80")))
                .map(group -> group.endpoints())
                .orElse(List.of());
    }

    private Resource apply(String yaml) {
        return store.apply(
                Validation.of(Documents.parse("given.yaml", yaml).documents().getFirst())
                        .resource()
                        .orElseThrow());
    }

    private static Instance instance(boolean ready) {
        WorkloadIdentity identity = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", "quote");
        Workload workload = new Workload("default", "quote-a", "quote", "Deployment", identity);
        Instance.Port port = new Instance.Port("http", 8080, 4143, "127.0.0.1", 30_000);
        return new Instance(workload, Map.of("app", "quote"), "127.1.0.1", 4140, List.of(port), ready);
    }

    private void await(Predicate<Snapshot> condition) {
        await(() -> condition.test(control.current()));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as("deadline of 60 s").isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static final class Running implements Endpoints {

        private volatile List<Instance> instances = List.of();
        private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

        void set(Instance instance) {
            instances = List.of(instance);
            listeners.forEach(Runnable::run);
        }

        @Override
        public List<Instance> instances() {
            return instances;
        }

        @Override
        public void onChange(Runnable listener) {
            listeners.add(listener);
        }
    }
}
