package dev.weft.runtime.node;

import dev.weft.resources.Key;
import dev.weft.runtime.pod.RunningContainer;
import dev.weft.runtime.process.ProcessUse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every ten seconds what the pods' processes and the machine have used. A container that has just begun is told from its
 * beginning on; the readers get the last figures by one volatile read. Memory that processes share is told apart only while
 * somebody has asked within the last two minutes: until then it counts for each of them.
 *
 * <p>Owner of {@code before}: the one thread that looks. {@code asked}: whoever asks writes it.
 */
public final class UsageMeter implements AutoCloseable {

    /** Time that a processor gave to processes since some beginning, and memory in use. */
    interface Machine {

        Map<Long, ProcessUse> of(List<Long> processes, boolean exactly);

        long busyNanos();

        long usedBytes();
    }

    private static final Logger LOG = LoggerFactory.getLogger(UsageMeter.class);
    private static final long LOOK_SECONDS = 10;

    /** After a question, figures are exact for as long. */
    private static final Duration ASKED = Duration.ofMinutes(2);

    /** Less is no window: a moment's use says nothing. */
    private static final Duration WINDOW_MIN = Duration.ofMillis(500);

    private final Supplier<List<RunningContainer>> running;
    private final Machine machine;
    private final InstantSource clock;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("weft-usage").daemon(true).factory());
    private Map<Long, Sample> before = Map.of();
    private Optional<Sample> machineBefore = Optional.empty();
    private volatile Instant asked = Instant.MIN;
    private volatile List<Usage.OfPod> pods = List.of();
    private volatile Optional<Usage.OfNode> node = Optional.empty();

    private record Sample(Instant time, long processorNanos) {}

    /** @param running every container that runs, with its outermost process */
    public UsageMeter(Supplier<List<RunningContainer>> running, InstantSource clock) {
        this(running, new MachineUse(), clock);
    }

    UsageMeter(Supplier<List<RunningContainer>> running, Machine machine, InstantSource clock) {
        this.running = running;
        this.machine = machine;
        this.clock = clock;
    }

    /** Looks from now on. */
    public UsageMeter start() {
        var _ = looks.scheduleWithFixedDelay(this::lookSafely, 1, LOOK_SECONDS, TimeUnit.SECONDS);
        return this;
    }

    /** Of every pod that runs, as it was at the last look. Its memory is a bound, until a look after this one. */
    public List<Usage.OfPod> pods() {
        asked = clock.instant();
        return pods;
    }

    /** Empty until the second look. */
    public Optional<Usage.OfNode> node() {
        return node;
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) { // the next look is due all the same
            LOG.warn("use was not looked at", e);
        }
    }

    void look() {
        List<RunningContainer> containers = running.get();
        Instant now = clock.instant();
        boolean exactly = asked.isAfter(now.minus(ASKED));
        Map<Long, ProcessUse> uses = containers.isEmpty()
                ? Map.of()
                : machine.of(containers.stream().map(RunningContainer::pid).toList(), exactly);
        Map<Long, Sample> samples = new HashMap<>();
        Map<Key, List<Usage.OfContainer>> found = new LinkedHashMap<>();
        Map<Key, Duration> windows = new HashMap<>();
        for (RunningContainer each : containers) {
            ProcessUse use = uses.get(each.pid());
            if (use == null) {
                continue;
            }
            Sample last = before.getOrDefault(each.pid(), new Sample(each.since(), 0));
            samples.put(each.pid(), new Sample(now, use.processorNanos()));
            Duration window = Duration.between(last.time(), now);
            if (window.compareTo(WINDOW_MIN) < 0) {
                continue;
            }
            windows.merge(each.pod(), window, (one, other) -> one.compareTo(other) < 0 ? one : other);
            found.computeIfAbsent(each.pod(), _ -> new ArrayList<>())
                    .add(new Usage.OfContainer(
                            each.container(),
                            nanocores(use.processorNanos() - last.processorNanos(), window),
                            use.memoryBytes()));
        }
        List<Usage.OfPod> all = new ArrayList<>();
        found.forEach((pod, its) -> all.add(new Usage.OfPod(pod, now, windows.getOrDefault(pod, WINDOW_MIN), its)));
        before = samples;
        pods = List.copyOf(all);
        lookAtMachine(now);
    }

    private void lookAtMachine(Instant now) {
        Sample sample = new Sample(now, machine.busyNanos());
        machineBefore
                .filter(last -> Duration.between(last.time(), now).compareTo(WINDOW_MIN) >= 0)
                .ifPresent(last -> {
                    Duration window = Duration.between(last.time(), now);
                    long cores = nanocores(sample.processorNanos() - last.processorNanos(), window);
                    node = Optional.of(new Usage.OfNode(ThisNode.NAME, now, window, cores, machine.usedBytes()));
                });
        machineBefore = Optional.of(sample);
    }

    /** A process that ends takes its time along: then the sum can be less than before. */
    private static long nanocores(long nanos, Duration window) {
        return (long) (Math.max(0, nanos) * 1e9 / window.toNanos());
    }
}
