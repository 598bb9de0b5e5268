package dev.weft.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {

    private static final String OWN = Long.toString(ProcessHandle.current().pid());

    @TempDir
    private Path root;

    private void file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(root.resolve(name.substring(0, name.lastIndexOf('/'))));
        Files.writeString(file, content);
    }

    @Test
    void aMachineWithoutTheSecondVersionSaysSo() throws IOException {
        file("proc/self/mounts", "cgroup /sys/fs/cgroup/memory cgroup rw 0 0\n");
        assertThat(new Cgroups(root, _ -> true).state()).isEqualTo("this machine has no cgroup v2");
    }

    @Test
    void controllersThatTheFirstVersionHasAreNamed() throws IOException {
        file("proc/self/mounts", "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n");
        file("proc/self/cgroup", "4:memory:/x\n0::/\n");
        file("sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n");
        assertThat(new Cgroups(root, _ -> true).state()).contains("has no controller cpu and no controller memory");
    }

    private Path delegated() throws IOException {
        file("proc/self/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        file("proc/self/cgroup", "0::/user.slice/weft.scope\n");
        file("sys/fs/cgroup/user.slice/weft.scope/cgroup.controllers", "cpu memory pids\n");
        file("sys/fs/cgroup/user.slice/weft.scope/cgroup.subtree_control", "\n");
        file("sys/fs/cgroup/user.slice/weft.scope/cgroup.procs", OWN + "\n");
        return root.resolve("sys/fs/cgroup/user.slice/weft.scope");
    }

    @Test
    void aDelegatedGroupIsFoundWhereThisProcessIs() throws IOException {
        delegated();
        assertThat(new Cgroups(root, _ -> true).state()).endsWith("weft.scope is delegated, and has both controllers");
        assertThat(new Cgroups(root, _ -> true).usable()).isTrue();
    }

    @Test
    void aGroupWithOthersInItIsLeftAlone() throws IOException {
        Path own = delegated();
        file("sys/fs/cgroup/user.slice/weft.scope/cgroup.procs", OWN + "\n1\n");
        Cgroups cgroups = new Cgroups(root, _ -> true);
        cgroups.begin();
        assertThat(cgroups.used()).isFalse();
        assertThat(cgroups.limit(500, 0)).isEmpty();
        assertThat(cgroups.state()).contains("are other processes too").contains("systemd-run --user --scope");
        assertThat(own.resolve("weft-platform")).doesNotExist();
    }

    @Test
    void thePlatformGoesIntoALeafAndEachLimitedProgramIntoAnother() throws IOException {
        Path own = delegated();
        Path left = Files.createDirectory(own.resolve("weft-pod-7"));
        Cgroups cgroups = new Cgroups(root, _ -> true);
        cgroups.begin();
        assertThat(left).as("of a platform that was killed").doesNotExist();
        assertThat(own.resolve("weft-platform/cgroup.procs")).hasContent(OWN);
        assertThat(own.resolve("cgroup.subtree_control")).hasContent("+cpu +memory");

        assertThat(cgroups.limit(0, 0)).isEmpty();
        Cgroup both = cgroups.limit(1500, 64 << 20).orElseThrow();
        Path folder = folder(both);
        assertThat(folder.getParent()).isEqualTo(own);
        assertThat(folder.resolve("cpu.max")).hasContent("150000 100000");
        assertThat(folder.resolve("memory.max")).hasContent("67108864");
        assertThat(folder.resolve("memory.oom.group")).hasContent("1");
        Path second = folder(cgroups.limit(1, 0).orElseThrow());
        assertThat(second.resolve("cpu.max")).as("the kernel's least").hasContent("1000 100000");

        both.take(List.of(1234L));
        assertThat(folder.resolve("cgroup.procs"))
                .as("of a process that ran already")
                .hasContent("1234");

        assertThat(both.memoryExceeded()).isFalse();
        Files.writeString(folder.resolve("memory.events"), "low 0\noom 1\noom_kill 0\n");
        assertThat(both.memoryExceeded()).isFalse();
        Files.writeString(folder.resolve("memory.events"), "low 0\noom 1\noom_kill 2\n");
        assertThat(both.memoryExceeded()).isTrue();
    }

    @Test
    void whatRootMayWriteToIsNotItsOwnUnlessSomebodyGaveIt() throws IOException {
        delegated();
        Cgroups cgroups = new Cgroups(root, _ -> false);
        cgroups.begin();
        assertThat(cgroups.used()).isFalse();
        assertThat(cgroups.state()).contains("nobody has delegated it", "systemd-run --scope -p Delegate=yes");
    }

    @Test
    void systemdsMarkGivesAGroupAlsoToRoot() throws IOException {
        Path own = delegated();
        Files.getFileAttributeView(own, UserDefinedFileAttributeView.class)
                .write("delegate", ByteBuffer.wrap("1".getBytes(StandardCharsets.US_ASCII)));
        assertThat(new Cgroups(root).usable()).isTrue();
    }

    @Test
    void aGroupWhoseLimitsCannotBeWrittenIsNotLeft() throws IOException {
        Path folder = root.resolve("broken");
        long tooMuch = 64 << 20;
        assertThatThrownBy(() -> Cgroup.make(folder, 0, tooMuch, (_, file, _) -> {
                    throw new IOException(file);
                }))
                .hasMessage("memory.max");
        assertThat(folder).doesNotExist();
    }

    /** Its entrance ends with its folder. */
    private static Path folder(Cgroup group) {
        return Path.of(group.entrance().getLast());
    }
}
