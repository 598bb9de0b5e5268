package dev.weft.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much processor time processes have taken since they began (proc(5), {@code /proc/PID/stat}). */
final class ProcessorUse {

    /** Counted from the state, which follows the name in parentheses: utime, stime, cutime, cstime. */
    private static final int FIRST = 11;

    private static final int COUNT = 4;

    private ProcessorUse() {}

    /** Of these together, with those of their children that have ended and were waited for; nanoseconds. */
    static long nanos(List<Long> processes) {
        return processes.stream().mapToLong(ProcessorUse::nanos).sum();
    }

    /** 0 for a process that has just ended. */
    private static long nanos(long pid) {
        try {
            String line = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = 0;
            for (int i = FIRST; i < FIRST + COUNT; i++) {
                ticks += Long.parseLong(fields[i]);
            }
            return ticks * ProcessUse.NANOS_PER_TICK;
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
