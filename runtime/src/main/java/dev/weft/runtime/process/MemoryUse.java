package dev.weft.runtime.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** How much memory processes hold: their own pages and what they share by shared memory. */
final class MemoryUse {

    private static final Set<String> QUICK = Set.of("RssAnon", "RssShmem");
    private static final Set<String> EXACT = Set.of("Pss_Anon", "Pss_Shmem");

    private MemoryUse() {}

    /** Of these together, 0 where the system does not tell; memory that they share counts for each of them. */
    static long atMost(List<Long> processes) {
        return processes.stream().mapToLong(MemoryUse::atMost).sum();
    }

    /** The same with what they share counted once, at a hundred times the cost. */
    static long exactly(List<Long> processes) {
        return processes.stream().mapToLong(MemoryUse::exactly).sum();
    }

    private static long atMost(long pid) {
        return Math.max(0, sum(Path.of("/proc/" + pid + "/status"), QUICK));
    }

    private static long exactly(long pid) {
        long bytes = sum(Path.of("/proc/" + pid + "/smaps_rollup"), EXACT);
        return bytes > 0 ? bytes : atMost(pid); // Linux before 5.4 does not tell, nor of another's process
    }

    /** Lines are {@code NAME: NUMBER kB}; 0 for a process that has just ended. */
    private static long sum(Path file, Set<String> names) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.indexOf(':') > 0 && names.contains(line.substring(0, line.indexOf(':'))))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
