package dev.weft.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's own limits, cgroups(7) version 2, in groups below the one that this process is in, where that is delegated and
 * nobody else's. Processes may only be in the leaves: so this process has a leaf too.
 */
public final class Cgroups {

    private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
    private static final List<String> NEEDED = List.of("cpu", "memory");
    private static final String OWN = "weft-platform";
    private static final String PREFIX = "weft-pod-";

    private final Path root;
    private final Predicate<Path> delegated;

    /** Of this run of the platform, so that no group is taken for one that a killed platform has left. */
    private final String run = Long.toString(
            ProcessHandle.current()
                    .info()
                    .startInstant()
                    .orElseGet(Instant::now)
                    .toEpochMilli(),
            36);

    private final AtomicLong numbers = new AtomicLong();
    private volatile Optional<Path> parent = Optional.empty();

    /** Of the machine whose files lie there; nothing is done yet. */
    public Cgroups(Path root) {
        this(root, Delegation::of);
    }

    /** @param delegated whether a group was given to whoever is in it */
    Cgroups(Path root, Predicate<Path> delegated) {
        this.root = root;
        this.delegated = delegated;
    }

    /** Makes limits possible from now on, where they can be; else {@link #state} says why not. */
    public void begin() {
        Optional<Path> own = own();
        if (own.isEmpty() || refusal(own.get()).isPresent()) {
            return;
        }
        try {
            sweep(own.get());
            Path leaf = Files.createDirectories(own.get().resolve(OWN));
            Cgroup.write(
                    leaf, "cgroup.procs", Long.toString(ProcessHandle.current().pid()));
            Cgroup.write(own.get(), "cgroup.subtree_control", "+cpu +memory");
            parent = own;
        } catch (IOException e) {
            LOG.warn("limits of processors and memory are not the kernel's: {}", e.toString());
        }
    }

    /** Whether limits are the kernel's, since {@link #begin}. */
    public boolean used() {
        return parent.isPresent();
    }

    /**
     * A group for one run of a program; empty where limits are not the kernel's, or there are none.
     *
     * @param processorsMax in thousandths, 0 for no limit
     * @param memoryBytesMax 0 for no limit
     */
    public Optional<Cgroup> limit(long processorsMax, long memoryBytesMax) throws IOException {
        if (parent.isEmpty() || (processorsMax <= 0 && memoryBytesMax <= 0)) {
            return Optional.empty();
        }
        Path folder = parent.get().resolve(PREFIX + run + "-" + numbers.incrementAndGet());
        return Optional.of(Cgroup.make(folder, processorsMax, memoryBytesMax));
    }

    /** One clause for people. */
    public String state() {
        Optional<Path> own = own();
        return own.isEmpty()
                ? "this machine has no cgroup v2"
                : refusal(own.get()).orElse("the cgroup v2 " + own.get() + " is delegated, and has both controllers");
    }

    /** Whether limits would be the kernel's, for a platform in the place of this process. */
    public boolean usable() {
        return own().filter(place -> refusal(place).isEmpty()).isPresent();
    }

    private Optional<String> refusal(Path own) {
        List<String> missing = new ArrayList<>(NEEDED);
        missing.removeAll(words(own.resolve("cgroup.controllers")));
        if (!missing.isEmpty()) {
            return Optional.of("the cgroup v2 " + own + " has no controller "
                    + String.join(" and no controller ", missing) + " (cgroup v1 has it, or nobody delegated it)");
        }
        if (!Files.isWritable(own.resolve("cgroup.subtree_control"))) {
            return Optional.of("the cgroup v2 " + own + " is not delegated to this account");
        }
        if (!delegated.test(own)) {
            return Optional.of(
                    "root may write to the cgroup v2 " + own
                            + ", but nobody has delegated it; systemd-run --scope -p Delegate=yes ./weft up gives Weft its own");
        }
        List<String> others = new ArrayList<>(lines(own.resolve("cgroup.procs")));
        others.remove(Long.toString(ProcessHandle.current().pid()));
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("in the cgroup v2 " + own
                        + " are other processes too; where systemd runs, systemd-run --user --scope -p Delegate=yes ./weft up"
                        + " gives Weft its own");
    }

    /** Of this process. */
    private Optional<Path> own() {
        return lines(root.resolve("proc/self/mounts")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                .map(fields -> root.resolve(fields[1].substring(1)))
                .findFirst()
                .map(mounted -> mounted.resolve(path().substring(1)));
    }

    /** Of this process, in the second hierarchy. */
    private String path() {
        return lines(root.resolve("proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring("0::".length()))
                .findFirst()
                .orElse("/");
    }

    /** What a platform that was killed has left: a group without processes can be removed, as a folder. */
    private static void sweep(Path own) throws IOException {
        try (Stream<Path> all = Files.list(own)) {
            for (Path each : all.filter(each -> name(each).startsWith(PREFIX)).toList()) {
                new Cgroup(each).close();
            }
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static List<String> words(Path file) {
        return lines(file).stream()
                .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
