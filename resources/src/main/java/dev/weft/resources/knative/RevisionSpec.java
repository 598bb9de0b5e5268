package dev.weft.resources.knative;

import dev.weft.resources.core.Container;
import dev.weft.resources.core.ContainerPort;
import dev.weft.resources.core.PodSpec;
import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one revision runs (Knative Serving API, RevisionSpec).
 *
 * @param concurrency hard limit of requests at once in one instance, 0 for none
 * @param timeout from a request's head to the end of its answer
 */
public record RevisionSpec(
        PodSpec pod,
        int concurrency,
        Duration timeout,
        Optional<Duration> responseStartTimeout,
        Optional<Duration> idleTimeout) {

    public static final int TIMEOUT_SECONDS = 300;
    public static final int PORT = 8080;

    private static final Set<String> RESERVED_ENV = Set.of("PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION");
    private static final Set<Integer> RESERVED_PORTS = Set.of(8012, 8013, 8112, 8022, 9090, 9091, 8008);

    public static RevisionSpec of(Fields fields) {
        int timeout = fields.integer("timeoutSeconds", TIMEOUT_SECONDS, 0, 600);
        int concurrency = fields.integer("containerConcurrency", 0, 0, 1_000);
        Optional<Duration> start = optionalSeconds(fields, "responseStartTimeoutSeconds");
        Optional<Duration> idle = optionalSeconds(fields, "idleTimeoutSeconds");
        PodSpec pod = PodSpec.of(fields, Container::unnamed);
        RevisionChecks.of(fields);
        check(fields, pod.containers());
        Duration whole = Duration.ofSeconds(timeout == 0 ? TIMEOUT_SECONDS : timeout);
        return new RevisionSpec(pod, concurrency, whole, start, idle);
    }

    /** The container that serves: the one with a port, or the only one. */
    public Container servingContainer() {
        return pod.containers().stream()
                .filter(container -> !container.ports().isEmpty())
                .findFirst()
                .orElseGet(() -> pod.containers().getFirst());
    }

    /** Where it serves, {@value #PORT} when nothing says otherwise. */
    public int containerPort() {
        List<ContainerPort> ports = servingContainer().ports();
        return ports.isEmpty() ? PORT : ports.getFirst().port();
    }

    private static void check(Fields fields, List<Container> containers) {
        long ports = containers.stream()
                .mapToLong(container -> container.ports().size())
                .sum();
        if (ports > 1 || (ports == 0 && containers.size() > 1)) {
            fields.invalid(
                    "containers",
                    "found " + ports + " ports, exactly one is wanted.",
                    "Give the serving container one.");
        }
        for (int i = 0; i < containers.size(); i++) {
            Container container = containers.get(i);
            String path = "containers[" + i + "]";
            for (ContainerPort port : container.ports()) {
                if (RESERVED_PORTS.contains(port.port())) {
                    fields.invalid(path + ".ports[0].containerPort", port.port() + " is reserved.", "Choose another.");
                }
                if (!Set.of("", "http1", "h2c").contains(port.name())) {
                    String found = "\"" + port.name() + "\" is not one of http1, h2c.";
                    fields.invalid(path + ".ports[0].name", found, "Leave it out, or write one of them.");
                }
            }
            for (int j = 0; j < container.env().size(); j++) {
                String name = container.env().get(j).name();
                boolean sidecar = container.ports().isEmpty() && containers.size() > 1;
                if (RESERVED_ENV.contains(name) && !(sidecar && name.equals("PORT"))) {
                    fields.invalid(path + ".env[" + j + "].name", name + " is set by the platform.", "Remove it.");
                }
            }
        }
    }

    private static Optional<Duration> optionalSeconds(Fields fields, String name) {
        int seconds = fields.integer(name, 0, 0, 86_400);
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
