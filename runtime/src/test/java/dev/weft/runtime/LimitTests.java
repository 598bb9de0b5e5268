package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Limits of a container as the kernel's, on files laid out as the kernel lays out cgroups; nothing here limits anything. */
@Timeout(120)
class LimitTests {

    @TempDir
    private Path folder;

    private Path group;
    private Optional<Machine> machine = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        Path root = folder.resolve("machine");
        group = Files.createDirectories(root.resolve("sys/fs/cgroup/weft.scope"));
        Files.createDirectories(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/mounts"), "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        Files.writeString(root.resolve("proc/self/cgroup"), "0::/weft.scope\n");
        Files.writeString(group.resolve("cgroup.controllers"), "cpu memory\n");
        Files.writeString(group.resolve("cgroup.subtree_control"), "");
        Files.getFileAttributeView(group, UserDefinedFileAttributeView.class)
                .write("delegate", ByteBuffer.wrap("1".getBytes(StandardCharsets.US_ASCII)));
        machine = Optional.of(new Machine(folder.resolve("data"), root));
        machine.get().image("sleeper", "sh", "-c", "exec sleep 1000");
    }

    private Path own() throws IOException {
        try (DirectoryStream<Path> groups = Files.newDirectoryStream(group, "weft-pod-*")) {
            return groups.iterator().next();
        }
    }

    @AfterEach
    void stop() {
        machine.ifPresent(Machine::close);
    }

    @Test
    void aContainersProcessesEnterItsGroupAndTheKernelsWordMakesItOomKilled() throws IOException {
        Machine on = machine.orElseThrow();
        Resource pod = on.apply(Kinds.POD, """
                {'metadata': {'name': 'one'}, 'spec': {'terminationGracePeriodSeconds': 1, 'restartPolicy': 'Never',
                 'containers': [{'name': 'main', 'image': 'sleeper',
                  'resources': {'limits': {'cpu': '250m', 'memory': '64Mi'}}}]}}
                """);
        Machine.await("ready", () -> on.ready().size() == 1);
        Path own = own();
        assertThat(own.resolve("cpu.max")).hasContent("25000 100000");
        assertThat(own.resolve("memory.max")).hasContent("67108864");
        Path processes = own.resolve("cgroup.procs");
        Machine.await(
                "its first process is in it, which being ready does not wait for",
                () -> processes.toFile().length() > 0);
        long launcher = Long.parseLong(Files.readString(processes).strip());
        ProcessHandle process = ProcessHandle.of(launcher).orElseThrow();
        assertThat(process.parent()).contains(ProcessHandle.current());

        try (Execution beside = on.runtime.execute("default", "one", "", List.of("echo", "in"), false)) {
            assertThat(new String(beside.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("in\n");
        }
        assertThat(Files.readString(own.resolve("cgroup.procs")).strip())
                .as("commands beside it come into its group too")
                .isNotEqualTo(Long.toString(launcher));

        Files.writeString(own.resolve("memory.events"), "oom_kill 1\n");
        process.destroyForcibly();
        Machine.await("its end", () -> on.container(pod).at("/state").has("terminated"));
        assertThat(on.container(pod).at("/state/terminated/reason").asString()).isEqualTo("OOMKilled");
        assertThat(on.container(pod).at("/state/terminated/exitCode").asInt()).isEqualTo(137);
        assertThat(on.store.list(Kinds.EVENT))
                .as("the limit has effect")
                .noneMatch(event -> event.at("/reason").asString("").equals("NoEffect"));
    }
}
