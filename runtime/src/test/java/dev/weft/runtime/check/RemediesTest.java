package dev.weft.runtime.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each machine on which pods get no namespaces is told what to do, once. */
class RemediesTest {

    @TempDir
    private Path root;

    @BeforeEach
    void aKernelWithUserNamespaces() throws IOException {
        Files.createFile(Files.createDirectories(root.resolve("proc/self/ns")).resolve("user"));
    }

    private String remedy(String refusal) {
        return new Remedies(root, true, false, "/home/me/weft/weft").of(refusal);
    }

    private void kernel(String file, String content) throws IOException {
        Path path = root.resolve("proc/sys").resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
    }

    @Test
    void whereAppArmorForbidsThemAProfileForTheLauncherIsReadyToPaste() throws IOException {
        kernel("kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertThat(remedy("unshare net mnt uts ipc: EPERM"))
                .contains("profile weft /home/me/weft/weft flags=(unconfined) {")
                .contains("userns,")
                .contains("apparmor_parser -r");
        assertThat(new Remedies(root, true, false, "/home/me/my weft/weft").of("EPERM"))
                .contains("profile weft \"/home/me/my weft/weft\" flags=(unconfined) {");
    }

    @Test
    void rootNeedsNoProfile() throws IOException {
        kernel("kernel/apparmor_restrict_unprivileged_userns", "1\n");
        assertThat(new Remedies(root, true, true, "weft").of("unshare net mnt uts ipc: EPERM"))
                .contains("CAP_SYS_ADMIN and CAP_NET_ADMIN");
    }

    @Test
    void aKernelWithoutUserNamespacesIsSaidToBeOne() throws IOException {
        Files.delete(root.resolve("proc/self/ns/user"));
        assertThat(remedy("EINVAL")).contains("CONFIG_USER_NS").contains("run Weft as root");
    }

    @Test
    void whereTheKernelForbidsThemItsSwitchIsNamed() throws IOException {
        kernel("kernel/unprivileged_userns_clone", "0\n");
        assertThat(remedy("EPERM")).endsWith("sudo sysctl kernel.unprivileged_userns_clone=1");
    }

    @Test
    void whereThereMayBeNoneTheNumberIsNamed() throws IOException {
        kernel("user/max_user_namespaces", "0\n");
        assertThat(remedy("ENOSPC")).contains("user.max_user_namespaces=10000");
    }

    @Test
    void anOldKernelNeedsItsModules() {
        assertThat(remedy("the pod's packet rules (nf_tables), rule of chain names: ENOENT"))
                .contains("modprobe")
                .contains("Linux 5.2 or newer");
    }

    @Test
    void aContainerNeedsCapabilities() throws IOException {
        Files.createFile(root.resolve(".dockerenv"));
        assertThat(remedy("EPERM")).contains("--cap-add SYS_ADMIN --cap-add NET_ADMIN");
    }

    @Test
    void anotherSystemNeedsLinux() {
        assertThat(new Remedies(root, false, false, "weft").of("Mac OS X has no network namespaces"))
                .contains("Lima");
    }
}
