package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group of one run of a program, with the kernel's limits of what is in it. Close it after the program's end. */
public final class Cgroup implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Cgroup.class);

    /** Of which a share of processors is a share; the kernel's own default. */
    private static final long PERIOD_MICROS = 100_000;

    /** The least that the kernel takes. */
    private static final long QUOTA_MICROS_MIN = 1_000;

    private final Path folder;

    Cgroup(Path folder) {
        this.folder = folder;
    }

    /** Writes to the kernel's files. */
    interface Writer {
        void write(Path folder, String file, String value) throws IOException;
    }

    static Cgroup make(Path folder, long processorsMax, long memoryBytesMax) throws IOException {
        return make(folder, processorsMax, memoryBytesMax, Cgroup::write);
    }

    static Cgroup make(Path folder, long processorsMax, long memoryBytesMax, Writer kernel) throws IOException {
        Files.createDirectory(folder);
        Cgroup group = new Cgroup(folder);
        try {
            if (processorsMax > 0) {
                long quota = Math.max(QUOTA_MICROS_MIN, processorsMax * PERIOD_MICROS / 1000);
                kernel.write(folder, "cpu.max", quota + " " + PERIOD_MICROS);
            }
            if (memoryBytesMax > 0) {
                kernel.write(folder, "memory.max", Long.toString(memoryBytesMax));
                kernel.write(folder, "memory.oom.group", "1"); // a container ends as a whole
            }
        } catch (IOException e) {
            group.close();
            throw e;
        }
        return group;
    }

    /** Words before a command, which bring it into the group; they have to run where this machine's files are seen. */
    public List<String> entrance() {
        String enter = "echo $$ > \"$1/cgroup.procs\" && shift && exec \"$@\"";
        return List.of(SystemProgram.SH.path(), "-c", enter, "limit", folder.toString());
    }

    /** Brings processes that run already into the group; what they have used before stays where it was counted. */
    public void take(List<Long> processes) throws IOException {
        for (long each : processes) {
            write(folder, "cgroup.procs", Long.toString(each));
        }
    }

    /** Whether the kernel has ended something in it that wanted more memory. */
    public boolean memoryExceeded() {
        try {
            return Files.readAllLines(folder.resolve("memory.events")).stream()
                    .anyMatch(line -> line.startsWith("oom_kill ") && !line.endsWith(" 0"));
        } catch (IOException e) {
            return false; // without that limit
        }
    }

    /** The kernel removes it when nothing is in it any more; else the next start does. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("{} was not removed", folder, e);
        }
    }

    static void write(Path folder, String file, String value) throws IOException {
        Files.writeString(folder.resolve(file), value);
    }
}
