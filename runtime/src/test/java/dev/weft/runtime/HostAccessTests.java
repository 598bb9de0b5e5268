package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import dev.weft.model.workload.Instance;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.runtime.namespace.Namespaces;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods that share this machine's network, or run as another of its accounts. */
@Timeout(120)
class HostAccessTests {

    private static final boolean ROOT = new UnixSystem().getUid() == 0;

    @TempDir
    private Path folder;

    private Optional<Machine> machine = Optional.empty();

    private Machine start(boolean networks) throws IOException {
        if (networks) {
            Namespaces.require();
        }
        Machine started = networks ? Machine.withNetworks(folder) : new Machine(folder);
        machine = Optional.of(started);
        started.image("sleeper", "sh", "-c", "exec sleep 1000");
        return started;
    }

    @AfterEach
    void stop() {
        machine.ifPresent(Machine::close);
    }

    private void pod(String spec) {
        machine.orElseThrow().apply(Kinds.POD, """
                {'metadata': {'name': 'one'}, 'spec': {'terminationGracePeriodSeconds': 1, %s,
                 'volumes': [{'name': 'fast', 'emptyDir': {'medium': 'Memory'}}],
                 'containers': [{'name': 'main', 'image': 'sleeper', 'ports': [{'containerPort': 18080}],
                  'volumeMounts': [{'name': 'fast', 'mountPath': '/weft-fast'}]}]}}
                """.formatted(spec));
    }

    private String inside(String script) {
        Machine on = machine.orElseThrow();
        Machine.await("ready", () -> on.ready().size() == 1);
        try (Execution execution =
                on.runtime.execute("default", "one", "", List.of("sh", "-c", "exec 2>&1; " + script), false)) {
            return new String(execution.output().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String allowed(String value) {
        return "{'metadata': {'name': 'default', 'annotations': {'weft.dev/host-network': '" + value + "'}}}";
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theHostsNetworkIsForPodsOfNamespacesThatAllowIt(boolean networks) throws IOException {
        Machine on = start(networks);
        on.apply(Kinds.NAMESPACE, allowed("deny"));
        pod("'hostNetwork': true");
        Machine.await("the refusal", () -> on.waitingReason().equals("HostNetworkRefused"));
        assertThat(on.container(on.pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("kubectl annotate namespace default weft.dev/host-network=allow");
        on.apply(Kinds.NAMESPACE, allowed("allow"));
        String home = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
        assertThat(inside("readlink /proc/self/ns/net")).isEqualTo(home);
        Instance instance = on.ready().getFirst();
        assertThat(instance.outboundPort()).as("it leaves the mesh").isEqualTo(Instance.NO_WAY_OUT);
        assertThat(instance.ports().getFirst().applicationPort()).isEqualTo(18080);
        Machine.await(
                "the word that it leaves the mesh",
                () -> on.store.list(Kinds.EVENT).stream()
                        .anyMatch(event -> event.at("/reason").asString("").equals("OutsideMesh")));
        if (networks) {
            Path ofTheHost = Files.createTempFile(Path.of("/tmp"), "of-the-host", "");
            try {
                assertThat(inside("stat -f -c %T /weft-fast; ls /tmp"))
                        .startsWith("tmpfs")
                        .doesNotContain("of-the-host");
            } finally {
                Files.delete(ofTheHost);
            }
        }
    }

    /** Programs begin in this folder, which others cannot where it is below somebody's own, /root for example. */
    private static void assumeOthersMayEnter() throws IOException {
        for (Path each = Path.of("").toAbsolutePath(); each != null; each = each.getParent()) {
            assumeTrue(
                    Files.getPosixFilePermissions(each).contains(PosixFilePermission.OTHERS_EXECUTE),
                    each + " lets nobody else in");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rootsPodsRunAsTheAccountThatTheyName(boolean networks) throws IOException {
        assumeTrue(ROOT, "an ordinary account cannot become another");
        assumeOthersMayEnter();
        start(networks);
        pod("'securityContext': {'runAsUser': 7001, 'runAsGroup': 7002}");
        String as = "sed -n 's/^[UG]id:.//p; s/^Groups:.//p' ";
        assertThat(inside(as + "/proc/self/status | tr '\\n\\t' ': '"))
                .startsWith("7001 7001 7001 7001:7002 7002 7002 7002:");
        String sleeping = "until grep -qlx sleep /proc/[0-9]*/comm 2>/dev/null; do :; done; ";
        assertThat(inside(sleeping + as + "$(dirname $(grep -lx sleep /proc/[0-9]*/comm))/status | head -1"))
                .as("the program")
                .startsWith("7001");
        assertThat(inside("cat /etc/shadow")).contains("Permission denied");
    }

    /** Modes as the kubelet gives them: writable volumes 02777, the others' files readable by the group. */
    @Test
    void aPodsVolumesBelongToItsGroup() throws IOException {
        assumeTrue(ROOT, "an ordinary account cannot give files away");
        assumeOthersMayEnter();
        Machine on = start(true);
        on.apply(Kinds.SECRET, "{'metadata': {'name': 'keys'}, 'stringData': {'key': 'for the group'}}");
        on.apply(Kinds.CONFIG_MAP, "{'metadata': {'name': 'settings'}, 'data': {'a': 'b'}}");
        on.apply(Kinds.POD, """
                {'metadata': {'name': 'one'}, 'spec': {'terminationGracePeriodSeconds': 1,
                 'securityContext': {'runAsUser': 7001, 'fsGroup': 7009, 'supplementalGroups': [7010]},
                 'volumes': [{'name': 'empty', 'emptyDir': {}}, {'name': 'fast', 'emptyDir': {'medium': 'Memory'}},
                  {'name': 'keys', 'secret': {'secretName': 'keys', 'defaultMode': 256}},
                  {'name': 'both', 'projected': {'sources': [{'configMap': {'name': 'settings',
                   'items': [{'key': 'a', 'path': 'below/a'}]}}]}}],
                 'containers': [{'name': 'main', 'image': 'sleeper', 'volumeMounts': [
                  {'name': 'empty', 'mountPath': '/weft-empty'}, {'name': 'fast', 'mountPath': '/weft-fast'},
                  {'name': 'keys', 'mountPath': '/weft-keys'}, {'name': 'both', 'mountPath': '/weft-both'}]}]}}
                """);
        assertThat(inside("sed -n 's/^Groups:[[:space:]]*//p' /proc/self/status"))
                .isEqualTo("7009 7010");
        assertThat(inside("touch /weft-empty/made /weft-fast/made; mkdir /weft-empty/folder;"
                        + " stat -L -c '%a %u %g %n' /weft-empty /weft-empty/* /weft-fast /weft-fast/made"
                        + " /weft-keys /weft-keys/key /weft-both/below /weft-both/below/a"))
                .isEqualTo("""
                        2777 0 7009 /weft-empty
                        2755 7001 7009 /weft-empty/folder
                        644 7001 7009 /weft-empty/made
                        2777 0 7009 /weft-fast
                        644 7001 7009 /weft-fast/made
                        2755 0 7009 /weft-keys
                        440 0 7009 /weft-keys/key
                        2755 0 7009 /weft-both/below
                        644 0 7009 /weft-both/below/a""");
        assertThat(inside("cat /weft-keys/key")).isEqualTo("for the group");
        assertThat(on.store.list(Kinds.EVENT))
                .noneMatch(event -> event.at("/reason").asString("").equals("NoEffect"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rootsPodsHaveNoneOfRootsFurtherGroups(boolean networks) throws IOException {
        assumeTrue(ROOT, "an ordinary account keeps its groups");
        start(networks);
        pod("'restartPolicy': 'Always'");
        assertThat(inside("sed -n 's/^Groups://p' /proc/self/status")).isBlank();
    }

    @Test
    void anOrdinaryAccountSaysThatItCannotBecomeAnother() throws IOException {
        assumeTrue(!ROOT, "root can");
        Machine on = start(false);
        pod("'securityContext': {'runAsUser': 7001}");
        Machine.await("the refusal", () -> on.waitingReason().equals("CreateContainerConfigError"));
        Resource refused = on.pods().getFirst();
        assertThat(on.container(refused).at("/state/waiting/message").asString())
                .contains("cannot become another");
    }
}
