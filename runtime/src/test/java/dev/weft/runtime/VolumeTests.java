package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pod's program finds in its files. Runs where namespaces are allowed, but for what loopback mode has too. */
@Timeout(120)
class VolumeTests {

    @TempDir
    private Path folder;

    private Optional<Machine> machine = Optional.empty();

    @BeforeEach
    void start() throws IOException {
        Namespaces.require();
        machine = Optional.of(Machine.withNetworks(folder));
        on().image("sleeper", "sh", "-c", "exec sleep 1000");
    }

    @AfterEach
    void stop() {
        machine.ifPresent(Machine::close);
    }

    private Machine on() {
        return machine.orElseThrow();
    }

    /** A pod with these volumes, and more fields of its one container. */
    private void pod(String volumes, String container) {
        on().apply(Kinds.POD, """
                {'metadata': {'name': 'one', 'labels': {'app': 'one'}},
                 'spec': {'terminationGracePeriodSeconds': 1, 'volumes': [%s],
                  'containers': [{'name': 'main', 'image': 'sleeper', %s}]}}
                """.formatted(volumes, container));
    }

    private String inside(String script) {
        Machine.await("ready", () -> on().ready().size() == 1);
        try (Execution execution =
                on().runtime.execute("default", "one", "", List.of("sh", "-c", "exec 2>&1; " + script), false)) {
            return new String(execution.output().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refused(String message) {
        Machine.await("the reason", () -> on().waitingReason().equals("FailedMount"));
        assertThat(on().container(on().pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains(message);
    }

    @Test
    void theTemporaryFolderIsThePodsOwn() throws IOException {
        Path theirs = Files.createTempFile(Path.of("/tmp"), "weft-test", "");
        try {
            String mine = "mine-" + UUID.randomUUID(); // in /tmp there may be anything
            pod("", "'env': []");
            assertThat(inside("ls " + theirs + "; echo x > /tmp/" + mine + " && ls /tmp"))
                    .contains(
                            "No such file", "\n" + mine); // and the way to the working directory, where that is in /tmp
            assertThat(Path.of("/tmp", mine)).doesNotExist();
        } finally {
            Files.delete(theirs);
        }
    }

    @Test
    void foldersAreMountedWhereThisMachineHasNoSuchPlace() {
        pod(
                "{'name': 'data', 'emptyDir': {}}, {'name': 'fast', 'emptyDir': {'medium': 'Memory', 'sizeLimit': '1Mi'}}",
                "'workingDir': '/weft-data/in', 'volumeMounts': [{'name': 'data', 'mountPath': '/weft-data/in'},"
                        + " {'name': 'data', 'mountPath': '/etc/weft-view', 'readOnly': true},"
                        + " {'name': 'data', 'mountPath': '/usr/share/weft', 'subPath': 'sub'},"
                        + " {'name': 'fast', 'mountPath': '/weft-fast'}]");
        assertThat(inside("pwd; echo a > file; cat /etc/weft-view/file; touch /etc/weft-view/b; echo c > sub/c;"
                        + " cat /usr/share/weft/c; test -e /etc/passwd && grep -c ^nameserver /etc/resolv.conf"))
                .isEqualTo("/weft-data/in\na\ntouch: cannot touch '/etc/weft-view/b': Read-only file system\nc\n1");
        assertThat(inside("stat -f -c %T /weft-fast; head -c 2000000 /dev/zero > /weft-fast/big || echo full"))
                .startsWith("tmpfs")
                .endsWith("full");
        assertThat(Path.of("/weft-data")).doesNotExist();
        assertThat(Path.of("/etc/weft-view")).doesNotExist();
    }

    @Test
    void valuesAndFactsAreFiles() {
        on().apply(Kinds.CONFIG_MAP, "{'metadata': {'name': 'settings'}, 'data': {'a': '1', 'b': '2'}}");
        on().apply(Kinds.SECRET, "{'metadata': {'name': 'keys'}, 'data': {'word': 'c2VzYW1l'}}");
        pod("""
                {'name': 's', 'configMap': {'name': 'settings', 'items': [{'key': 'a', 'path': 'deep/a.txt', 'mode': 256}]}},
                {'name': 'all', 'projected': {'defaultMode': 288, 'sources': [{'configMap': {'name': 'settings'}},
                  {'secret': {'name': 'keys'}}, {'secret': {'name': 'absent', 'optional': true}},
                  {'downwardAPI': {'items': [{'path': 'labels', 'fieldRef': {'fieldPath': 'metadata.labels'}}]}}]}}
                """, "'volumeMounts': [{'name': 's', 'mountPath': '/s'}, {'name': 'all', 'mountPath': '/all'}]");
        assertThat(inside(
                        "cat /s/deep/a.txt; stat -Lc ' %a' /s/deep/a.txt /all/word; cat /all/word; echo; cat /all/labels;"
                                + " ls /all; touch /all/new"))
                .isEqualTo("1 400\n 440\nsesame\napp=\"one\"\na\nb\nlabels\nword\n"
                        + "touch: cannot touch '/all/new': Read-only file system");
    }

    @Test
    void foldersOfAVolumeInMemoryAreMountedToo() {
        pod(
                "{'name': 'fast', 'emptyDir': {'medium': 'Memory'}}",
                "'volumeMounts': [{'name': 'fast', 'mountPath': '/weft-fast'},"
                        + " {'name': 'fast', 'mountPath': '/weft-sub', 'subPath': 'a/b'}]");
        assertThat(inside("stat -f -c %T /weft-sub; echo x > /weft-sub/file; cat /weft-fast/a/b/file"))
                .isEqualTo("tmpfs\nx");
    }

    @Test
    void nothingIsMadeWhereALinkInAVolumeLeads() throws IOException {
        Path host = Files.createDirectory(folder.resolve("host"));
        Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(host.resolve("way"), elsewhere);
        on().apply(
                        Kinds.NAMESPACE,
                        "{'metadata': {'name': 'default', 'annotations': {'weft.dev/host-paths': 'allow'}}}");
        pod(
                "{'name': 'h', 'hostPath': {'path': '" + host + "'}}",
                "'volumeMounts': [{'name': 'h', 'mountPath': '/h', 'subPath': 'way/new'}]");
        Machine.await("the reason", () -> on().waitingReason().equals("RunContainerError"));
        assertThat(on().container(on().pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("way/new leads out of its volume");
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void aSecretThatCannotBeReadIsNamed() {
        on().apply(Kinds.SECRET, "{'metadata': {'name': 'keys'}, 'data': {'word': 'a'}}");
        pod("{'name': 's', 'secret': {'secretName': 'keys'}}", "'volumeMounts': [{'name': 's', 'mountPath': '/s'}]");
        refused("Secret default/keys has a value that is not base64");
    }

    @Test
    void changesArriveAllAtOnce() {
        on().apply(Kinds.CONFIG_MAP, "{'metadata': {'name': 'settings'}, 'data': {'a': '1', 'b': '1'}}");
        pod("{'name': 's', 'configMap': {'name': 'settings'}}", "'volumeMounts': [{'name': 's', 'mountPath': '/s'}]");
        assertThat(inside("cat /s/a /s/b")).isEqualTo("11");
        on().apply(Kinds.CONFIG_MAP, "{'metadata': {'name': 'settings'}, 'data': {'a': '2', 'c': '2'}}");
        Machine.await("the change", () -> inside("cat /s/a").equals("2"));
        assertThat(inside("ls /s; readlink /s/a")).isEqualTo("a\nc\n..data/a");
    }

    @Test
    void theServiceAccountIsWhereClientsLookForIt() {
        on().apply(Kinds.SERVICE_ACCOUNT, "{'metadata': {'name': 'default'}}");
        pod("", "'env': []");
        assertThat(inside(
                        "cd /var/run/secrets/kubernetes.io/serviceaccount && for f in ca.crt namespace token; do cat $f;"
                                + " echo; done"))
                .isEqualTo("the authority\ndefault\ntoken of default/default");
    }

    @Test
    void whatIsMissingIsNamedAndWaitedFor() {
        pod("{'name': 's', 'configMap': {'name': 'late'}}", "'volumeMounts': [{'name': 's', 'mountPath': '/s'}]");
        refused("ConfigMap default/late does not exist");
        on().apply(Kinds.CONFIG_MAP, "{'metadata': {'name': 'late'}, 'data': {'a': '1'}}");
        assertThat(inside("cat /s/a")).isEqualTo("1");
    }

    @Test
    void foldersOfThisMachineAreRefusedUnlessTheNamespaceAllowsThem() throws IOException {
        Path host = Files.createDirectory(folder.resolve("host"));
        pod(
                "{'name': 'h', 'hostPath': {'path': '" + host + "'}}",
                "'volumeMounts': [{'name': 'h', 'mountPath': '/h'}]");
        refused("kubectl annotate namespace default weft.dev/host-paths=allow");
    }

    @Test
    void foldersOfThisMachineAreMountedWhereTheNamespaceAllowsThem() throws IOException {
        Path host = Files.createDirectory(folder.resolve("host"));
        on().apply(
                        Kinds.NAMESPACE,
                        "{'metadata': {'name': 'default', 'annotations': {'weft.dev/host-paths': 'allow'}}}");
        pod(
                "{'name': 'h', 'hostPath': {'path': '" + host + "'}}",
                "'volumeMounts': [{'name': 'h', 'mountPath': '/h'}]");
        inside("echo there > /h/file");
        assertThat(host.resolve("file")).hasContent("there");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/usr/bin", "/bin/../lib64/sub", "/etc", "/etc/ld.so.preload", "/proc/sys", "/"})
    void nothingIsMountedOverWhatStartsAPod(String place) {
        pod("{'name': 'd', 'emptyDir': {}}", "'volumeMounts': [{'name': 'd', 'mountPath': '" + place + "'}]");
        refused("mountPath " + place + " covers programs, libraries or devices of the system");
    }

    @Test
    void aLinkInAVolumeDoesNotLeadAMountOverThemEither() throws IOException {
        Path host = Files.createDirectory(folder.resolve("host"));
        Files.createSymbolicLink(host.resolve("way"), Path.of("/usr/bin"));
        on().apply(
                        Kinds.NAMESPACE,
                        "{'metadata': {'name': 'default', 'annotations': {'weft.dev/host-paths': 'allow'}}}");
        pod(
                "{'name': 'h', 'hostPath': {'path': '" + host + "'}}, {'name': 'd', 'emptyDir': {}}",
                "'volumeMounts': [{'name': 'h', 'mountPath': '/h'}, {'name': 'd', 'mountPath': '/h/way'}]");
        Machine.await("the reason", () -> on().waitingReason().equals("RunContainerError"));
        assertThat(on().container(on().pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .contains("/h/way: mountPath /usr/bin covers programs");
    }

    @Test
    void programsMayShareMemory() {
        pod(
                "{'name': 'm', 'emptyDir': {'medium': 'Memory'}}",
                "'volumeMounts': [{'name': 'm', 'mountPath': '/dev/shm'}]");
        assertThat(inside("touch /dev/shm/x && ls /dev/shm")).isEqualTo("x");
    }

    @Test
    void thePlatformsOwnFolderIsEmptyButForTheImagesProgram() throws IOException {
        Files.writeString(folder.resolve("kubeconfig"), "token: secret");
        Path program = Files.createDirectory(folder.resolve("program"));
        Files.writeString(program.resolve("file"), "mine");
        on().apply(
                        Kinds.LOCAL_IMAGE,
                        "{'metadata': {'name': 'inside'}, 'spec': {'command': ['sleep', '1000'], 'workingDirectory': '"
                                + program + "'}}");
        // Named, so that it is not the container's own /tmp that hides it.
        pod("", "'image': 'inside', 'env': [{'name': 'A', 'value': '" + folder + "/kubeconfig'}]");
        assertThat(inside("cat file; echo; ls -A ..; cat $A; echo x > ../new"))
                .startsWith("mine\nprogram\ncat: ")
                .contains("No such file")
                .contains("Read-only file system")
                .doesNotContain("secret");
        assertThat(folder.resolve("kubeconfig")).exists();
    }

    @Test
    void aNameThatIsAPathStartsNothing() throws IOException {
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(theirs);
        on().apply(Kinds.POD, """
                {'metadata': {'name': 'one'}, 'spec': {
                 'containers': [{'name': 'a/../../../theirs', 'image': 'sleeper'}]}}
                """);
        Machine.await("the reason", () -> on().waitingReason().equals("InvalidName"));
        assertThat(on().container(on().pods().getFirst())
                        .at("/state/waiting/message")
                        .asString())
                .startsWith("spec.containers: name \"a/../../../theirs\" (expected: ");
        assertThat(Files.getPosixFilePermissions(theirs)).isEqualTo(before);
    }

    @Test
    void nothingIsLeftOfThemWhenThePodIsGone() throws IOException {
        pod("{'name': 'd', 'emptyDir': {}}", "'volumeMounts': [{'name': 'd', 'mountPath': '/d'}]");
        inside("mkdir -p /d/a/b && echo x > /d/a/b/c && chmod 0 /d/a");
        Resource pod = on().pods().getFirst();
        on().store.delete(pod.key());
        Machine.await("gone", () -> on().pods().isEmpty());
        for (String each : List.of("volumes", "pods")) {
            try (Stream<Path> left = Files.list(folder.resolve(each))) {
                assertThat(left).isEmpty();
            }
        }
    }
}
