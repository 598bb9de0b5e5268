package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every verb of kubectl on every kind: apply, get as a table and as YAML, describe, patch, edit, get -w, delete. In each
 * manifest one value is {@code first}; the patch makes it {@code second}, the edit {@code third}.
 */
final class KindsTests {

    /**
     * What the verbs are tried on.
     *
     * @param resource as kubectl takes it
     * @param columns of its table, in order
     * @param body what follows {@code metadata.name}; empty where the platform makes the resource itself
     * @param patch a merge patch
     */
    private record Example(String apiVersion, String kind, String resource, String columns, String body, String patch) {

        String name() {
            return body.isEmpty() ? "made-00001" : "kind-" + kind.toLowerCase(java.util.Locale.ROOT);
        }

        String manifest() {
            return "apiVersion: " + apiVersion + "\nkind: " + kind + "\nmetadata:\n  name: " + name() + "\n" + body;
        }
    }

    private static final String LABEL = "  labels: {colour: first}\n";
    private static final String PATCH_LABEL = "{\"metadata\":{\"labels\":{\"colour\":\"second\"}}}";
    private static final String TEMPLATE = """
            spec:
              template:
                metadata: {annotations: {colour: first}}
                spec: {containers: [{image: nothing}]}
            """;
    private static final String PATCH_TEMPLATE =
            "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"colour\":\"second\"}}}}}";

    private static final List<Example> EXAMPLES = List.of(
            new Example("v1", "Namespace", "namespace", "NAME STATUS AGE", LABEL, PATCH_LABEL),
            new Example(
                    "v1",
                    "Service",
                    "service",
                    "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE",
                    "spec: {selector: {app: first}, ports: [{port: 80}]}\n",
                    "{\"spec\":{\"selector\":{\"app\":\"second\"}}}"),
            new Example(
                    "discovery.k8s.io/v1",
                    "EndpointSlice",
                    "endpointslice",
                    "NAME ADDRESSTYPE PORTS ENDPOINTS AGE",
                    LABEL + "addressType: IPv4\nendpoints: [{addresses: [127.0.0.9]}]\nports: [{port: 80}]\n",
                    PATCH_LABEL),
            new Example(
                    "apps/v1", "Deployment", "deployment", "NAME READY UP-TO-DATE AVAILABLE AGE", """
                    spec:
                      selector: {matchLabels: {app: d}}
                      template:
                        metadata: {labels: {app: d}, annotations: {colour: first}}
                        spec: {containers: [{name: main, image: nothing}]}
                    """, PATCH_TEMPLATE),
            new Example(
                    "v1",
                    "Pod",
                    "pod",
                    "NAME READY STATUS RESTARTS AGE",
                    LABEL + "spec: {containers: [{name: main, image: nothing}]}\n",
                    PATCH_LABEL),
            new Example("v1", "ServiceAccount", "serviceaccount", "NAME SECRETS AGE", LABEL, PATCH_LABEL),
            new Example(
                    "v1",
                    "Secret",
                    "secret",
                    "NAME TYPE DATA AGE",
                    LABEL + "type: Opaque\nstringData: {a: b}\n",
                    PATCH_LABEL),
            new Example(
                    "v1",
                    "ConfigMap",
                    "configmap",
                    "NAME DATA AGE",
                    "data: {colour: first}\n",
                    "{\"data\":{\"colour\":\"second\"}}"),
            new Example(
                    "v1", "Event", "event", "LAST SEEN TYPE REASON OBJECT MESSAGE", """
                    involvedObject: {apiVersion: v1, kind: Pod, namespace: default, name: nobody}
                    type: Normal
                    reason: Tried
                    message: first
                    """, "{\"message\":\"second\"}"),
            new Example(
                    "serving.knative.dev/v1",
                    "Service",
                    "ksvc",
                    "NAME URL LATESTCREATED LATESTREADY READY REASON",
                    TEMPLATE,
                    PATCH_TEMPLATE),
            new Example(
                    "serving.knative.dev/v1",
                    "Configuration",
                    "configurations.serving.knative.dev",
                    "NAME LATESTCREATED LATESTREADY READY REASON",
                    TEMPLATE,
                    PATCH_TEMPLATE),
            new Example(
                    "serving.knative.dev/v1",
                    "Revision",
                    "revision",
                    "NAME CONFIG NAME GENERATION READY REASON ACTUAL REPLICAS DESIRED REPLICAS",
                    "",
                    PATCH_LABEL),
            new Example(
                    "serving.knative.dev/v1",
                    "Route",
                    "routes.serving.knative.dev",
                    "NAME URL READY REASON",
                    "spec: {traffic: [{configurationName: first, latestRevision: true, percent: 100}]}\n",
                    "{\"spec\":{\"traffic\":[{\"configurationName\":\"second\",\"latestRevision\":true,\"percent\":100}]}}"),
            new Example(
                    "getambassador.io/v3alpha1",
                    "Listener",
                    "listener",
                    "NAME PORT PROTOCOL STACK STATSPREFIX SECURITY L7DEPTH",
                    LABEL
                            + "spec: {port: 8080, protocol: HTTP, securityModel: XFP, hostBinding: {namespace: {from: SELF}}}\n",
                    PATCH_LABEL),
            new Example(
                    "getambassador.io/v3alpha1",
                    "Host",
                    "host",
                    "NAME HOSTNAME STATE PHASE COMPLETED PHASE PENDING AGE",
                    "spec: {hostname: first.example.com}\n",
                    "{\"spec\":{\"hostname\":\"second.example.com\"}}"),
            new Example(
                    "getambassador.io/v3alpha1",
                    "Mapping",
                    "mapping",
                    "NAME SOURCE HOST SOURCE PREFIX DEST SERVICE STATE REASON",
                    "spec: {hostname: a.example.com, prefix: /first/, service: nobody}\n",
                    "{\"spec\":{\"prefix\":\"/second/\"}}"),
            new Example(
                    "getambassador.io/v3alpha1",
                    "TCPMapping",
                    "tcpmapping",
                    "NAME SOURCE HOST SOURCE PORT DEST SERVICE STATE REASON",
                    "spec: {port: 9, host: first.example.com, service: nobody}\n",
                    "{\"spec\":{\"host\":\"second.example.com\"}}"),
            new Example(
                    "split.smi-spec.io/v1alpha4",
                    "TrafficSplit",
                    "trafficsplit",
                    "NAME SERVICE",
                    "spec: {service: first, backends: [{service: one, weight: 1}]}\n",
                    "{\"spec\":{\"service\":\"second\"}}"),
            new Example(
                    "access.smi-spec.io/v1alpha3",
                    "TrafficTarget",
                    "traffictarget",
                    "NAME AGE",
                    """
                    spec:
                      destination: {kind: ServiceAccount, name: first}
                      rules: [{kind: HTTPRouteGroup, name: all}]
                      sources: [{kind: ServiceAccount, name: caller}]
                    """,
                    "{\"spec\":{\"destination\":{\"name\":\"second\"}}}"),
            new Example(
                    "specs.smi-spec.io/v1alpha4",
                    "HTTPRouteGroup",
                    "httproutegroup",
                    "NAME AGE",
                    "spec: {matches: [{name: first, pathRegex: /.*, methods: [GET]}]}\n",
                    "{\"spec\":{\"matches\":[{\"name\":\"second\",\"pathRegex\":\"/.*\",\"methods\":[\"GET\"]}]}}"),
            new Example(
                    "specs.smi-spec.io/v1alpha4",
                    "TCPRoute",
                    "tcproute",
                    "NAME AGE",
                    LABEL + "spec: {matches: {name: all, ports: [5432]}}\n",
                    PATCH_LABEL),
            new Example(
                    "openslo/v1",
                    "SLO",
                    "slo",
                    "NAME SERVICE TARGET WINDOW AGE",
                    """
                    spec:
                      description: first
                      service: nobody
                      budgetingMethod: Occurrences
                      timeWindow: [{duration: 5m, isRolling: true}]
                      indicator:
                        metadata: {name: answers}
                        spec:
                          ratioMetric:
                            counter: true
                            good: {metricSource: {type: Prometheus, spec: {query: 'response_total{authority="a", classification="success"}'}}}
                            total: {metricSource: {type: Prometheus, spec: {query: 'response_total{authority="a"}'}}}
                      objectives: [{displayName: answers, target: 0.99}]
                    """,
                    "{\"spec\":{\"description\":\"second\"}}"),
            new Example(
                    "weft.dev/v1alpha1",
                    "LocalImage",
                    "localimage",
                    "NAME IMAGE RUNS AGE",
                    "spec: {command: [echo, first]}\n",
                    "{\"spec\":{\"command\":[\"echo\",\"second\"]}}"));

    @TempDir
    private static Path folder;

    private static RunningPlatform platform;

    @BeforeAll
    static void start() throws IOException {
        Tools.require("kubectl");
        Path files = Files.createDirectory(folder.resolve("files"));
        Files.writeString(
                files.resolve("made.yaml"),
                "apiVersion: serving.knative.dev/v1\nkind: Configuration\nmetadata: {name: made}\n"
                        + TEMPLATE.replace("first", "other"));
        platform = RunningPlatform.start(folder.resolve("data"), files);
        platform.awaitKubectl("made-00001", "get", "revision", "made-00001", "-o", "name");
    }

    @AfterAll
    static void stop() throws IOException {
        platform.close();
    }

    @TestFactory
    Stream<DynamicTest> takesEveryVerbOnEveryKind() {
        return EXAMPLES.stream()
                .map(example ->
                        dynamicTest(example.apiVersion() + " " + example.kind(), () -> takesEveryVerb(example)));
    }

    private static void takesEveryVerb(Example example) throws Exception {
        String name = example.name();
        if (example.body().isEmpty()) {
            ok(
                    "patched",
                    "patch",
                    example.resource(),
                    name,
                    "--type=merge",
                    "-p",
                    example.patch().replace("second", "first"));
        } else {
            Path file = Files.writeString(folder.resolve(name + ".yaml"), example.manifest());
            ok(name + " created", "apply", "-f", file.toString());
        }
        String table = ok("", "get", example.resource(), name);
        assertThat(table.lines().findFirst().orElse("").replaceAll(" +", " ").strip())
                .isEqualTo(example.columns());
        ok("first", "get", example.resource(), name, "-o", "yaml");
        assertThat(ok(name, "describe", example.resource(), name)).contains("Name:", "first");

        Path seen = folder.resolve(name + ".watch");
        Process watch = platform.kubectlBuilder(
                        "get", example.resource(), name, "-w", "--output-watch-events", "-o", "yaml")
                .redirectErrorStream(true)
                .redirectOutput(seen.toFile())
                .start();
        try {
            platform.await("ADDED of " + name, seen, "type: ADDED");
            ok("patched", "patch", example.resource(), name, "--type=merge", "-p", example.patch());
            ok("second", "get", example.resource(), name, "-o", "yaml");
            ok("edited", "edit", example.resource(), name);
            ok("third", "get", example.resource(), name, "-o", "yaml");
            ok("deleted", "delete", example.resource(), name);
            platform.await("the whole story of " + name, seen, "type: DELETED");
        } finally {
            watch.destroy();
        }
        assertThat(Files.readString(seen)).containsSubsequence("type: ADDED", "second", "third", "type: DELETED");
        assertThat(platform.kubectl("get", example.resource(), name).output()).contains("\"" + name + "\" not found");
    }

    private static String ok(String expected, String... arguments) {
        WeftCommand.Result result = platform.kubectl(arguments);
        assertThat(result.exitCode())
                .as(String.join(" ", arguments) + "\n" + result.output())
                .isZero();
        assertThat(result.output()).as(String.join(" ", arguments)).contains(expected);
        return result.output();
    }
}
