package dev.weft.runtime.node;

import dev.weft.resources.Resource;
import dev.weft.runtime.process.MachineBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the operating system says of this machine, in the words of {@code v1 NodeStatus}. */
final class NodeStatus {

    /** As many as a node of Kubernetes takes by default would be few here; networks are numbered up to this. */
    private static final int PODS_MAX = 500;

    /** The kubelet's own limits, below which it would speak of pressure. */
    private static final long MEMORY_BYTES_MIN = 100L << 20;

    private static final double DISK_MIN = 0.1;

    private final Path data;
    private final InstantSource clock;

    NodeStatus(Path data, InstantSource clock) {
        this.data = data;
        this.clock = clock;
    }

    /** @param before whose conditions keep their times while they hold */
    ObjectNode of(Resource before) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        ObjectNode capacity = status.putObject("capacity");
        capacity.put("cpu", Integer.toString(Runtime.getRuntime().availableProcessors()));
        capacity.put("memory", (MachineBytes.total() >> 10) + "Ki");
        capacity.put("ephemeral-storage", (disk(true) >> 10) + "Ki");
        capacity.put("pods", Integer.toString(PODS_MAX));
        status.set("allocatable", capacity.deepCopy());
        ArrayNode addresses = status.putArray("addresses");
        addresses.addObject().put("type", "InternalIP").put("address", "127.0.0.1");
        addresses.addObject().put("type", "Hostname").put("address", hostname());
        status.putObject("daemonEndpoints").putObject("kubeletEndpoint").put("Port", 0);
        conditions(status.putArray("conditions"), before.at("/status/conditions"));
        information(status.putObject("nodeInfo"));
        return status;
    }

    private void conditions(ArrayNode into, JsonNode before) {
        long memory = MachineBytes.available();
        boolean shortOfMemory = memory > 0 && memory < MEMORY_BYTES_MIN;
        boolean shortOfDisk = disk(true) > 0 && disk(false) < DISK_MIN * disk(true);
        condition(into, before, "MemoryPressure", shortOfMemory, (memory >> 20) + " MiB of memory are free");
        condition(into, before, "DiskPressure", shortOfDisk, (disk(false) >> 20) + " MiB of the data's disk are free");
        condition(into, before, "Ready", true, "weft runs pods here");
    }

    private void condition(ArrayNode into, JsonNode before, String type, boolean holds, String message) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String status = holds ? "True" : "False";
        String since = before.valueStream()
                .filter(old -> old.path("type").asString("").equals(type)
                        && old.path("status").asString("").equals(status))
                .map(old -> old.path("lastTransitionTime").asString(now))
                .findFirst()
                .orElse(now);
        into.addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", type.equals("Ready") ? "WeftReady" : holds ? "Short" : "Enough")
                .put("message", message)
                .put("lastHeartbeatTime", now)
                .put("lastTransitionTime", since);
    }

    private static void information(ObjectNode into) {
        into.put("architecture", architecture());
        into.put("operatingSystem", system());
        into.put("osImage", image());
        into.put("kernelVersion", System.getProperty("os.version", ""));
        into.put("machineID", first(Path.of("/etc/machine-id")));
        into.put("systemUUID", first(Path.of("/etc/machine-id")));
        into.put("bootID", first(Path.of("/proc/sys/kernel/random/boot_id")));
        into.put("containerRuntimeVersion", "weft://processes");
        into.put("kubeletVersion", "v1.32.0+weft");
        into.put("kubeProxyVersion", "v1.32.0+weft");
    }

    static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** As Go, and so Kubernetes, names it. */
    static String system() {
        String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        return name.startsWith("mac") ? "darwin" : name.split(" ", -1)[0];
    }

    static String architecture() {
        return switch (System.getProperty("os.arch", "")) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    private static String image() {
        try (Stream<String> lines = Files.lines(Path.of("/etc/os-release"))) {
            return lines.filter(line -> line.startsWith("PRETTY_NAME="))
                    .map(line -> line.substring(line.indexOf('=') + 1).replace("\"", ""))
                    .findFirst()
                    .orElse(system());
        } catch (IOException | RuntimeException e) {
            return System.getProperty("os.name", "");
        }
    }

    private static String first(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    private long disk(boolean whole) {
        try {
            FileStore store = Files.getFileStore(
                    Files.exists(data) ? data : data.toAbsolutePath().getRoot());
            return whole ? store.getTotalSpace() : store.getUsableSpace();
        } catch (IOException | RuntimeException e) {
            return 0;
        }
    }
}
