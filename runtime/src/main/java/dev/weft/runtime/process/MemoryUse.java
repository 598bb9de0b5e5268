package dev.weft.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** How much memory processes hold that nobody else does: their own pages and what they share by shared memory. */
final class MemoryUse {

    private MemoryUse() {}

    /** Of a process and all that descend from it; 0 where the system does not tell. */
    static long bytes(ProcessHandle process) {
        try (Stream<ProcessHandle> descendants = process.descendants()) {
            return Stream.concat(Stream.of(process), descendants)
                    .mapToLong(each -> of(each.pid()))
                    .sum();
        }
    }

    private static long of(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0; // it has just ended, or there is no such file here
        }
    }
}
