package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.namespace.Namespaces;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills, at random, processes of pods and now and then the platform: what was killed comes back, and nothing is left of it, be
 * it a process, a namespace, a mount, a folder or a descriptor.
 */
@Timeout(900)
class RandomKillTests {

    /** Far longer than a pod that was killed a few times waits for its next start. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Of a pod, outermost. */
    private static final String LAUNCHER = "unshare";

    private static final int OF_PODS = 30;

    /** Of so many kills one is the platform's. */
    private static final int OF_PLATFORM = 5;

    @TempDir
    private Path folder;

    private Optional<Process> platform = Optional.empty();
    private volatile String said = "";
    private int pods;

    @BeforeEach
    void require() {
        Namespaces.require();
    }

    @AfterEach
    void stop() {
        platform.ifPresent(Process::destroyForcibly);
    }

    @Test
    void tenKillsLeaveNothingBehind() throws Exception {
        kills(10);
    }

    @Test
    @Tag("full")
    void aHundredKillsLeaveNothingBehind() throws Exception {
        kills(100);
    }

    private void kills(int count) throws Exception {
        pods = 3;
        begin();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long descriptors = descriptors();
        for (int i = 1; i <= count; i++) {
            String kill = "kill " + i + " of seed " + seed;
            if (i % OF_PLATFORM == 0) {
                long most = descriptors + 10;
                await(kill + ": descriptors, those of probes aside", () -> descriptors() < most);
                killPlatform(kill);
                begin();
                assertThat(folders())
                        .as(kill + ": folders, swept by the next start")
                        .hasSize(pods);
                descriptors = descriptors();
            } else {
                killOne(random, kill);
            }
        }
        List<ProcessHandle> holders = holders(namespacesOf(tree()));
        running().getOutputStream().close();
        awaitNothing("the stop", holders);
        assertThat(folders()).as("folders").isEmpty();
        assertThat(mounts()).as("mounts").isEmpty();
    }

    @Test
    @Tag("full")
    void thirtyKillsOfPodsKeepNoDescriptors() throws Exception {
        pods = 10; // of which each is killed three times, and so waits 3 s in all
        begin();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        killOne(random, "the first kill of seed " + seed); // what is opened once is open by now
        long before = descriptors();
        for (int i = 1; i <= OF_PODS; i++) {
            killOne(random, "kill " + i + " of seed " + seed);
        }
        await("the descriptors from before, " + before, () -> descriptors() < before + OF_PODS / 4);
    }

    private void killOne(Random random, String kill) {
        List<ProcessHandle> all = victims();
        ProcessHandle one = all.get(random.nextInt(all.size()));
        Optional<ProcessHandle> pod = podThatEndsWith(one);
        one.destroyForcibly();
        await(kill + ": its end", () -> !one.isAlive());
        pod.ifPresent(launcher -> await(kill + ": its pod's end", () -> !launcher.isAlive()));
        awaitReady(kill);
    }

    /**
     * The platform's own, and of pods those of the one that runs longest: a pod that ended is the last to end again, for the
     * wait for its next start doubles each time.
     */
    private List<ProcessHandle> victims() {
        Optional<ProcessHandle> oldest = launchers()
                .min(Comparator.comparing(each -> each.info().startInstant().orElse(Instant.MAX)));
        return running()
                .descendants()
                .filter(each -> line(each).stream()
                        .findFirst()
                        .filter(top -> !name(top).equals(LAUNCHER) || oldest.equals(Optional.of(top)))
                        .isPresent())
                .toList();
    }

    /** The launcher of the pod whose launcher, init or program this is; the pod's others, and probes, end nothing. */
    private Optional<ProcessHandle> podThatEndsWith(ProcessHandle one) {
        List<ProcessHandle> line = line(one);
        boolean ends = !line.isEmpty()
                && line.size() <= 3
                && LAUNCHER.equals(name(line.getFirst()))
                && !name(one).equals("sleep"); // an orphan is init's too
        return ends ? Optional.of(line.getFirst()) : Optional.empty();
    }

    /** From the platform's child to this one; empty when this one has just ended. */
    private List<ProcessHandle> line(ProcessHandle one) {
        Deque<ProcessHandle> line = new ArrayDeque<>(List.of(one));
        while (line.getFirst().parent().filter(running().toHandle()::equals).isEmpty()) {
            Optional<ProcessHandle> parent = line.getFirst().parent();
            if (parent.isEmpty()) {
                return List.of();
            }
            line.addFirst(parent.get());
        }
        return List.copyOf(line);
    }

    private Stream<ProcessHandle> launchers() {
        return running().children().filter(each -> name(each).equals(LAUNCHER));
    }

    private static String name(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/comm")).strip();
        } catch (IOException e) {
            return ""; // it has ended meanwhile
        }
    }

    private void killPlatform(String kill) throws IOException {
        Set<String> namespaces = namespacesOf(tree());
        assertThat(namespaces).as("of all pods").hasSizeGreaterThan(pods * 3);
        List<ProcessHandle> holders = holders(namespaces);
        assertThat(holders).contains(running().toHandle());
        running().destroyForcibly();
        awaitNothing(kill, holders);
    }

    /** Whoever is in one of these namespaces, or has a descriptor of it: not only children. */
    private static List<ProcessHandle> holders(Set<String> namespaces) {
        return ProcessHandle.allProcesses()
                .filter(each -> !Collections.disjoint(namespacesOf(List.of(each)), namespaces))
                .toList();
    }

    /** Without a holder and a mount a namespace ends; its number may be another's at once, so it is not looked for. */
    private void awaitNothing(String what, List<ProcessHandle> holders) {
        Eventually.holds(
                what + ": the end of all processes",
                PATIENCE,
                () -> holders.stream().noneMatch(ProcessHandle::isAlive),
                () -> holders.stream()
                        .filter(ProcessHandle::isAlive)
                        .map(holder -> holder.pid() + " " + holder.info().commandLine())
                        .collect(Collectors.joining(", ", "there are ", "")));
    }

    private void begin() throws IOException {
        said = "";
        Process started = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("weft.test.class.path", System.getProperty("java.class.path")),
                        KilledPlatform.class.getName(),
                        folder.toString(),
                        Integer.toString(pods))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        platform = Optional.of(started);
        Thread.ofPlatform().daemon(true).start(() -> {
            try (BufferedReader lines = started.inputReader()) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said = line;
                }
            } catch (IOException e) {
                said = e.toString();
            }
        });
        awaitReady("the start");
    }

    /** What is said may be of a moment ago: so the pods' processes are looked at too. */
    private void awaitReady(String what) {
        await(what + ": " + pods + " pods that are ready", () -> {
            ask();
            return launchers().count() == pods && said.equals("ready " + pods);
        });
    }

    private void ask() {
        try {
            running().getOutputStream().write('\n');
            running().getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError("the platform has ended; said: " + said, e);
        }
    }

    private Process running() {
        return platform.orElseThrow();
    }

    private List<ProcessHandle> tree() {
        return Stream.concat(Stream.of(running().toHandle()), running().descendants())
                .toList();
    }

    private long descriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + running().pid() + "/fd"))) {
            return all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Those that these processes are in, or have descriptors of, but this test's own. */
    private static Set<String> namespacesOf(List<ProcessHandle> processes) {
        Set<String> found = new HashSet<>();
        for (ProcessHandle each : processes) {
            for (String place : new String[] {"ns", "fd"}) {
                links(Path.of("/proc/" + each.pid(), place))
                        .filter(link -> link.matches("(net|mnt|uts|ipc|pid):\\[.*"))
                        .forEach(found::add);
            }
        }
        links(Path.of("/proc/self/ns")).forEach(found::remove);
        return found;
    }

    private static Stream<String> links(Path folder) {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path each : all) {
                found.add(Files.readSymbolicLink(each).toString());
            }
        } catch (IOException e) {
            return found.stream(); // it has ended meanwhile
        }
        return found.stream();
    }

    private List<String> folders() throws IOException {
        List<String> found = new ArrayList<>();
        for (String each : List.of("pods", "volumes")) {
            Path place = folder.resolve(each);
            if (Files.isDirectory(place)) {
                try (Stream<Path> all = Files.list(place)) {
                    all.map(Path::toString).forEach(found::add);
                }
            }
        }
        return found;
    }

    /** This machine has others, which come and go. */
    private List<String> mounts() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    private void await(String what, BooleanSupplier condition) {
        Eventually.holds(what, PATIENCE, condition, () -> "said: " + said);
    }
}
