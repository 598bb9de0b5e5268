package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What this platform has started, one small file per process, for the sweep at the next start. A process is known by
 * its pid, its start time and the machine's boot, so that a number used again is never mistaken for it.
 */
final class ProcessRecords {

    private final Path folder;

    ProcessRecords(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(long pid) {
        String birth = birth(pid).orElse("");
        try {
            Files.writeString(folder.resolve(Long.toString(pid)), birth);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void remove(long pid) {
        try {
            Files.deleteIfExists(folder.resolve(Long.toString(pid)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills what an earlier platform left running; returns how many that were. */
    int sweep() {
        int killed = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.matches("[1-9][0-9]{0,17}")) {
                    continue; // not ours
                }
                long pid = Long.parseLong(name);
                Optional<String> birth = birth(pid);
                if (birth.isPresent() && birth.get().equals(Files.readString(file))) {
                    killGroup(pid);
                    killed++;
                }
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return killed;
    }

    private static void killGroup(long pid) throws IOException {
        ProcessHandle.of(pid).ifPresent(handle -> {
            List<ProcessHandle> tree =
                    Stream.concat(Stream.of(handle), handle.descendants()).toList();
            tree.forEach(ProcessHandle::destroyForcibly);
        });
        new ProcessBuilder(SystemProgram.SH.path(), "-c", "kill -s KILL -- -" + pid)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** When the process began, as the system counts it; empty when there is no such process. */
    private static Optional<String> birth(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            // proc(5): the name in parentheses may hold anything, so fields are counted after it; starttime is the
            // 22nd.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return Optional.of(
                    Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + " " + fields[19]);
        } catch (NoSuchFileException e) {
            return ProcessHandle.of(pid)
                    .flatMap(handle -> handle.info().startInstant())
                    .map(Object::toString);
        } catch (IOException e) {
            return Optional.empty(); // it ended while we were reading
        }
    }
}
