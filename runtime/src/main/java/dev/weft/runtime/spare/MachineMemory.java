package dev.weft.runtime.spare;

import dev.weft.runtime.process.ProcessUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The machine's memory, as {@code /proc/meminfo} tells (proc(5)). */
final class MachineMemory implements Spares.Memory {

    @Override
    public long total() {
        return bytes("MemTotal");
    }

    @Override
    public long available() {
        return bytes("MemAvailable");
    }

    @Override
    public long held(long process) {
        ProcessUse use = ProcessUse.of(List.of(process), true).get(process);
        return use == null ? 0 : use.memoryBytes();
    }

    private static long bytes(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                    .findFirst()
                    .orElse(0);
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
