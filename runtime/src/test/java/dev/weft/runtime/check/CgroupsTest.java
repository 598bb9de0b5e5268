package dev.weft.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {

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
        assertThat(new Cgroups(root).state()).isEqualTo("this machine has no cgroup v2");
    }

    @Test
    void controllersThatTheFirstVersionHasAreNamed() throws IOException {
        file("proc/self/mounts", "cgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n");
        file("proc/self/cgroup", "4:memory:/x\n0::/\n");
        file("sys/fs/cgroup/unified/cgroup.controllers", "hugetlb\n");
        assertThat(new Cgroups(root).state()).contains("has no controller cpu and no controller memory");
    }

    @Test
    void aDelegatedGroupIsFoundWhereThisProcessIs() throws IOException {
        file("proc/self/mounts", "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n");
        file("proc/self/cgroup", "0::/user.slice/weft.scope\n");
        file("sys/fs/cgroup/user.slice/weft.scope/cgroup.controllers", "cpu memory pids\n");
        file("sys/fs/cgroup/user.slice/weft.scope/cgroup.subtree_control", "\n");
        assertThat(new Cgroups(root).state()).endsWith("weft.scope is delegated, and not used yet");
    }
}
