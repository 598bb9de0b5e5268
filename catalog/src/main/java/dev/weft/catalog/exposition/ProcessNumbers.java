package dev.weft.catalog.exposition;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The {@code process_*} metrics, of this process. */
final class ProcessNumbers {

    private ProcessNumbers() {}

    static void write(Exposition out) {
        String version = ProcessNumbers.class.getPackage().getImplementationVersion();
        Map<String, String> build = new TreeMap<>();
        build.put("version", version == null ? "development" : version);
        build.put("java", Runtime.version().toString());
        out.metric("proxy_build_info", "gauge", "What runs.").sample("proxy_build_info", build, 1);
        gauge(
                out,
                "process_start_time_seconds",
                "When this process started, in seconds since 1970.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
        gauge(
                out,
                "process_threads",
                "Platform threads.",
                ManagementFactory.getThreadMXBean().getThreadCount());
        residentBytes()
                .ifPresent(bytes -> gauge(out, "process_resident_memory_bytes", "Memory in use.", (double) bytes));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            out.metric("process_cpu_seconds_total", "counter", "Processor time used.");
            out.sample("process_cpu_seconds_total", Map.of(), unix.getProcessCpuTime() / 1e9);
            gauge(out, "process_open_fds", "Open file descriptors.", (double) unix.getOpenFileDescriptorCount());
            gauge(out, "process_max_fds", "How many it may open.", (double) unix.getMaxFileDescriptorCount());
        }
    }

    private static void gauge(Exposition out, String name, String help, double value) {
        out.metric(name, "gauge", help).sample(name, Map.of(), value);
    }

    /** From Linux's {@code /proc}; empty elsewhere. */
    private static OptionalLong residentBytes() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("VmRSS:")) {
                    return OptionalLong.of(Long.parseLong(line.replaceAll("\\D", "")) * 1024);
                }
            }
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        return OptionalLong.empty();
    }
}
