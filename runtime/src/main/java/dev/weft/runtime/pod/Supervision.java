package dev.weft.runtime.pod;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.probe.Health;
import dev.weft.runtime.probe.ListeningPorts;
import dev.weft.runtime.probe.Prober;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The probes of one run of a program: the start-up probe first, then liveness and readiness side by side. Belongs to
 * the pod's thread.
 */
final class Supervision {

    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<Instance.Port> ports;
    private final Optional<Health> startup;
    private final ContainerSpec container;
    private final Prober.Reach reach;
    private final LongSupplier pid;
    private Optional<Health> liveness = Optional.empty();
    private Optional<Health> readiness = Optional.empty();
    private boolean started;
    private String elsewhere = "";
    private long lookedNanos;

    /** @param pid of the program, for when it has to be told what it does instead */
    Supervision(
            ContainerSpec container, List<Instance.Port> ports, Prober.Reach reach, LongSupplier pid, long nowNanos) {
        this.reach = reach;
        this.pid = pid;
        this.lookedNanos = nowNanos;
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
        return ready()
                ? ""
                : asked.flatMap(Health::lastFailure).map(why -> why + elsewhere).orElse("");
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
        lookElsewhere(System.nanoTime());
        if (!started && startup.map(Health::passing).orElse(true)) {
            begin(System.nanoTime());
        }
    }

    /** A program that listens, but not where it is asked, is told which port that is; looked up once a second. */
    private void lookElsewhere(long nowNanos) {
        boolean refused = unreadyBecause().contains("refused");
        if (!refused) {
            elsewhere = "";
        } else if (nowNanos - lookedNanos >= LOOK_NANOS) {
            lookedNanos = nowNanos;
            List<Integer> listening = ListeningPorts.of(pid.getAsLong());
            elsewhere = listening.isEmpty()
                    ? "; the program listens on no port"
                    : "; the program listens on port "
                            + listening.stream().map(String::valueOf).collect(Collectors.joining(", "))
                            + " instead, while PORT says where it should";
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
