package dev.weft.runtime.node;

import dev.weft.runtime.process.MachineBytes;
import dev.weft.runtime.process.ProcessUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What processes and the whole machine use, as {@code /proc} tells (proc(5)); zeros where there is none. */
final class MachineUse implements UsageMeter.Machine {

    /** Of the fields of the line {@code cpu}: idle and iowait, which are no work; guest times are in user's already. */
    private static final List<Integer> WORK = List.of(1, 2, 3, 6, 7, 8);

    @Override
    public Map<Long, ProcessUse> of(List<Long> processes, boolean exactly) {
        return ProcessUse.of(processes, exactly);
    }

    @Override
    public long busyNanos() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            return lines.filter(line -> line.startsWith("cpu "))
                    .map(line -> line.split(" +", -1))
                    .mapToLong(fields -> WORK.stream()
                            .mapToLong(index -> Long.parseLong(fields[index]))
                            .sum())
                    .map(ticks -> ticks * ProcessUse.NANOS_PER_TICK)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }

    @Override
    public long usedBytes() {
        return Math.max(0, MachineBytes.total() - MachineBytes.available());
    }
}
