package dev.weft.runtime.pod;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.probe.Health;
import dev.weft.runtime.probe.Prober;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The probes of one run of a program: the start-up probe first, then liveness and readiness side by side. Belongs to
 * the pod's thread.
 */
final class Supervision {

    private final List<Instance.Port> ports;
    private final Optional<Health> startup;
    private final ContainerSpec container;
    private final Prober.Reach reach;
    private Optional<Health> liveness = Optional.empty();
    private Optional<Health> readiness = Optional.empty();
    private boolean started;

    Supervision(ContainerSpec container, List<Instance.Port> ports, Prober.Reach reach, long nowNanos) {
        this.reach = reach;
        this.container = container;
        this.ports = ports;
        this.startup = container.startup().map(probe -> new Health(probe, false, nowNanos));
        if (startup.isEmpty()) {
            begin(nowNanos);
        }
    }

    /** Whether the start-up probe has succeeded, or there is none. */
    boolean started() {
        return started;
    }

    /** Without a readiness probe a started program is ready, as in Kubernetes. */
    boolean ready() {
        return started && readiness.map(Health::passing).orElse(true);
    }

    /** Why it is not ready, as far as the probes said; empty otherwise. */
    String unreadyBecause() {
        Optional<Health> asked = started ? readiness : startup;
        return ready() ? "" : asked.flatMap(Health::lastFailure).orElse("");
    }

    /** Why the program has to be restarted, if it has to. */
    Optional<String> verdict() {
        if (!started) {
            return startup.filter(Health::failed).map(health -> "Startup probe failed: " + failure(health));
        }
        return liveness.filter(Health::failed).map(health -> "Liveness probe failed: " + failure(health));
    }

    /** When the next probe is due; far away when there is none. */
    long dueNanos(long nowNanos) {
        return active().mapToLong(Health::dueNanos)
                        .map(due -> due - nowNanos)
                        .min()
                        .orElse(Long.MAX_VALUE / 4)
                + nowNanos;
    }

    /** Asks what is due; blocks for at most the probes' timeouts. */
    void askDue() {
        List<Health> due = active().filter(health -> health.dueNanos() - System.nanoTime() <= 0)
                .toList();
        for (Health health : due) {
            health.answered(Prober.ask(health.probe(), ports, reach), System.nanoTime());
        }
        if (!started && startup.map(Health::passing).orElse(true)) {
            begin(System.nanoTime());
        }
    }

    private void begin(long nowNanos) {
        started = true;
        liveness = container.liveness().map(probe -> new Health(probe, true, nowNanos));
        readiness = container.readiness().map(probe -> new Health(probe, false, nowNanos));
    }

    private Stream<Health> active() {
        return started ? Stream.concat(readiness.stream(), liveness.stream()) : startup.stream();
    }

    private static String failure(Health health) {
        return health.lastFailure().orElse("no answer");
    }
}
