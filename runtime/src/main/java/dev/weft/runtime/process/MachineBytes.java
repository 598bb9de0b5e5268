package dev.weft.runtime.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine's memory as the kernel tells it, proc_meminfo(5); 0 where it does not. */
public final class MachineBytes {

    private MachineBytes() {}

    public static long total() {
        return of("MemTotal");
    }

    /** What programs can have before others have to give theirs up. */
    public static long available() {
        return of("MemAvailable");
    }

    private static long of(String name) {
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
