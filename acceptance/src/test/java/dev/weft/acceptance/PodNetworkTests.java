package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Unmodified programs in pods, which call each other as they would in a cluster, as docs/pods.md says that they can. */
@Timeout(300)
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NAMESPACES_BY_REDIRECT")
class PodNetworkTests {

    private static final Path DOCS = WeftCommand.HOME.resolve("docs/pods.md");
    /** As curl says it: after the connection was accepted, or in that moment. */
    private static final String REFUSED = "reset by peer|Couldn't connect";

    private static final String OF_QUOTE = "$(getent ahostsv4 quotes | head -1 | cut -d' ' -f1)";
    private static final String QUOTE = "quote for spiffe://cluster.local/ns/default/sa/caller";

    private static PodVillage village;

    @Parameter
    private Setting setting;

    @BeforeParameterizedClassInvocation
    static void start(Setting setting) {
        village = PodVillage.start(setting);
    }

    @AfterParameterizedClassInvocation
    static void stop() throws IOException {
        if (village != null) {
            village.close();
            village = null;
        }
    }

    @Test
    void thePlatformSaysWhichModeRunsAndWhy() {
        assertThat(village.platform().output())
                .contains(
                        setting.namespaces()
                                ? "  pods     each in a network of its own"
                                : "  pods     in the host's network (loopback mode), as was asked for");
    }

    @TestFactory
    Stream<DynamicTest> whatTheTableSaysIsTrue() {
        return Ability.all().stream()
                .map(ability -> DynamicTest.dynamicTest(ability.does(), () -> {
                    Tools.require(ability.tool());
                    String printed = village.inPod(ability.script());
                    if (ability.worksIn(setting)) {
                        assertThat(printed).isEqualTo(ability.printed());
                    } else {
                        assertThat(printed).doesNotContain(ability.printed());
                    }
                }));
    }

    /** Whatever a program without rights can try. */
    @Test
    void aProgramCannotChangeItsNetworkNorGoToAnother() {
        isolated();
        assertThat(village.inPod("python3 tamper.py"))
                .doesNotContain("possible")
                .contains("rules: EPERM");
        // root's pod may not become root in there (user_namespaces(7)), so nobody is mapped
        assertThat(village.inPod("unshare -U --keep-caps python3 tamper.py of-its-own"))
                .as("with all rights in a user namespace of its own")
                .doesNotContain("possible")
                .containsPattern("rights: [0-9a-f]*[1-9a-f]")
                .contains("rules: EPERM")
                .containsPattern("network of process 1: E(PERM|ACCES)");
    }

    @Test
    void nothingIsReachedPastTheMesh() {
        isolated();
        assertThat(village.inPod("curl -sS -m 20 http://" + OF_QUOTE + ":9090/"))
                .as("a port that the pod does not declare")
                .containsPattern(REFUSED);
        assertThat(village.inPod("curl -sS -m 20 http://127.0.0.1:$(cat host-port)/; echo $?"))
                .as("the host's loopback")
                .endsWith("7");
        assertThat(village.inPod("curl -sSk -m 20 https://host.weft.internal:"
                        + village.platform().apiPort() + "/"))
                .as("Weft's own API as the host's")
                .containsPattern(REFUSED);
        assertThat(village.inPod("cat data/kubeconfig 2>&1; ls -A data | wc -l"))
                .as("the token of the platform's owner")
                .contains("No such file")
                .endsWith("0");
    }

    @Test
    void otherProcessesAreNeitherSeenNorSignalled() {
        isolated();
        long platform = village.platform().process().pid();
        assertThat(village.inPod("kill -0 " + platform)).contains("No such process");
        String words = "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n'";
        assertThat(village.inPod(words + " | grep -c '/java$'; " + words + " | grep -c '^quote.py$'; " + words
                        + " | grep -q '^caller.py$' && echo and itself"))
                .isEqualTo("0\n0\nand itself");
    }

    @Test
    void whoCallsCannotBeForged() {
        isolated();
        for (String header : new String[] {
            "l5d-client-id: spiffe://cluster.local/ns/default/sa/quote",
            "x-forwarded-client-cert: URI=spiffe://cluster.local/ns/default/sa/quote",
            "Forwarded: for=" + "10.244.0.9"
        }) {
            assertThat(village.inPod("curl -sS -H '" + header + "' http://quote/"))
                    .as(header)
                    .isEqualTo(QUOTE);
        }
        assertThat(village.inPod("curl -sS -4 -m 2 --interface " + OF_QUOTE + " http://quote/"))
                .as("from another pod's address, to which nothing comes back")
                .doesNotContain("quote for");
        assertThat(village.inPod("curl -sS -4 -m 20 --local-port 4143 http://quote/"))
                .as("from a proxy's port")
                .isEqualTo(QUOTE);
    }

    @Test
    void namesAreAnsweredAtTwoHundredQuestionsASecond() {
        isolated();
        assertThat(village.inPod("python3 dns.py 200 3")).isEqualTo("600 of 600 answered");
    }

    @Test
    void connectionsLeaveNoDescriptorsBehind() throws IOException {
        leavesNoDescriptors(1_000);
    }

    @Test
    @Tag("full")
    void tenThousandConnectionsLeaveNoDescriptorsBehind() throws IOException {
        leavesNoDescriptors(10_000);
    }

    private void leavesNoDescriptors(int count) throws IOException {
        isolated();
        assertThat(village.inPod("python3 connect.py 50 && echo; curl -s http://quote/"))
                .contains("50 connected");
        Path descriptors = Path.of("/proc/" + village.platform().process().pid() + "/fd");
        long before = count(descriptors);
        for (int left = count; left > 0; left -= 1_000) { // each in the time that one command has
            assertThat(village.inPod("python3 connect.py 1000")).isEqualTo("1000 connected");
        }
        Eventually.holds(
                "as many descriptors as before, " + before + ", but for pooled connections",
                Duration.ofSeconds(60),
                () -> count(descriptors) <= before + 20,
                () -> Long.toString(count(descriptors)));
    }

    private static long count(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        }
    }

    private void isolated() {
        Assumptions.assumeTrue(setting.namespaces(), "in loopback mode pods share the host's network");
        Tools.require("python3");
    }

    @Test
    void theTableInTheDocsIsThisOne() throws IOException {
        String docs = Files.readString(DOCS);
        int begin = Math.max(0, docs.indexOf(Ability.HEADING));
        int end = Math.max(begin, docs.indexOf("\n\n", begin) + 1);
        assertThat(docs.substring(begin, end)).isEqualTo(Ability.table());
    }

    @Test
    void twentyPodsListenOnTheSamePort() {
        Assumptions.assumeTrue(setting.namespaces(), "in loopback mode pods share the host's ports");
        village.apply("""
                apiVersion: weft.dev/v1alpha1
                kind: LocalImage
                metadata: {name: many}
                spec:
                  command:
                    - python3
                    - -SEc
                    - |
                      import socket
                      listener = socket.create_server(('', 8080))
                      while True:
                        client = listener.accept()[0]
                        try:
                          client.recv(1000)
                          client.send(b'HTTP/1.0 200 OK\\r\\n\\r\\none of many')
                        except OSError:
                          pass # gone again, as a probe may be, or a proxy that asks who speaks first
                        client.close()
                ---
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: many}
                spec:
                  replicas: 20
                  selector: {matchLabels: {app: many}}
                  template:
                    metadata: {labels: {app: many}}
                    spec:
                      containers: [{name: many, image: many, ports: [{containerPort: 8080}],
                        readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}}]
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: many}
                spec: {clusterIP: None, selector: {app: many}, ports: [{port: 8080}]}
                """);
        village.platform().awaitKubectl("20/20", "get", "deployment", "many");
        Eventually.holds(
                "twenty addresses",
                Duration.ofSeconds(60),
                () -> village.inPod("getent ahostsv4 many | grep -c STREAM").equals("20"),
                () -> village.inPod("getent ahostsv4 many"));
        assertThat(village.inPod("for each in $(getent ahostsv4 many | grep STREAM | cut -d' ' -f1); do"
                        + " curl -sS -m 20 http://$each:8080/; echo; done | sort | uniq -c"))
                .as(() -> village.platform()
                                .kubectl("get", "pods", "-l", "app=many", "-o", "wide")
                                .output()
                        + village.platform().output())
                .isEqualTo("20 one of many");
        village.platform().kubectl("delete", "deployment,service", "many");
    }

    @Test
    void whatIsNobodysIsRefusedAtOnce() {
        Assumptions.assumeTrue(setting.namespaces(), "in loopback mode the host's own network answers");
        assertThat(village.inPod("curl -sS -m 20 http://10.96.255.254/")).containsPattern(REFUSED);
        assertThat(village.inPod("curl -sS -m 20 http://10.244.200.200:8080/")).containsPattern(REFUSED);
        assertThat(village.inPod("curl -sS -m 20 http://absent/; echo $?")).endsWith("6");
    }

    @Test
    void whatIsReachedOutsideIsCountedByName() {
        isolated();
        assertThat(village.inPod("curl -sS -m 20 http://host.weft.internal:$(cat host-port)/"))
                .isEqualTo("of this machine");
        Eventually.holds(
                "outside/host.weft.internal among the metrics",
                Duration.ofSeconds(60),
                () -> village.metrics().contains("host.weft.internal"),
                village::metrics);
    }

    @Test
    void servicesHaveAddressesAndPodsReachTheApi() {
        isolated();
        String address = village.platform()
                .kubectl("get", "service", "quote", "-o", "jsonpath={.spec.clusterIP}")
                .output();
        assertThat(village.inPod("getent ahostsv4 quote | head -1 | cut -d' ' -f1"))
                .isEqualTo(address);
        assertThat(
                        village.inPod(
                                "curl -sSk -m 20 -o /dev/null -w '%{http_code}' https://kubernetes.default.svc/version;"
                                        + " curl -sSk -m 20 -o /dev/null -w '%{http_code}' https://$KUBERNETES_SERVICE_HOST/version"))
                .matches("(200|401)\\1");
        village.platform()
                .awaitKubectl(
                        "10.244.", "get", "endpointslices", "-l", "kubernetes.io/service-name=quote", "-o", "wide");
    }

    @Test
    void aNamespaceThatDeniesItsPodsTheOutsideIsObeyed() {
        Assumptions.assumeTrue(setting.namespaces(), "in loopback mode nothing keeps programs inside");
        String namespace = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n  annotations: {%s: %s}\n";
        village.apply(namespace.formatted("weft.dev/egress-policy", "deny"));
        Eventually.holds(
                "a refusal of what lies outside",
                Duration.ofSeconds(60),
                () -> village.inPod("curl -sS -m 20 http://host.weft.internal:$(cat host-port)/")
                        .matches("(?s).*" + REFUSED + ".*"),
                village.platform()::output);
        assertThat(village.inPod("curl -sS http://quote/")).isEqualTo(QUOTE);
        village.apply(namespace.formatted("weft.dev/egress-policy", "allow"));
        Eventually.holds(
                "the outside again",
                Duration.ofSeconds(60),
                () -> village.inPod("curl -sS -m 20 http://host.weft.internal:$(cat host-port)/")
                        .equals("of this machine"),
                village.platform()::output);
    }
}
