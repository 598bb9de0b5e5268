package dev.weft.runtime.spare;

import dev.weft.runtime.process.MachineBytes;
import dev.weft.runtime.process.ProcessUse;
import java.util.List;

/** The machine's memory, as {@code /proc/meminfo} tells (proc(5)). */
final class MachineMemory implements Spares.Memory {

    @Override
    public long total() {
        return MachineBytes.total();
    }

    @Override
    public long available() {
        return MachineBytes.available();
    }

    @Override
    public long held(long process) {
        ProcessUse use = ProcessUse.of(List.of(process), true).get(process);
        return use == null ? 0 : use.memoryBytes();
    }
}
