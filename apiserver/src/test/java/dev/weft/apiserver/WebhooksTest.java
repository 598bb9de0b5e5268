package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.apiserver.RunningApi.Answer;
import dev.weft.apiserver.admission.DeniedException;
import dev.weft.apiserver.admission.GatedWrites;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Admission webhooks: a real server that answers AdmissionReviews. */
class WebhooksTest {

    private static final String API = "/apis/admissionregistration.k8s.io/v1/";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

    @TempDir
    Path data;

    @TempDir
    Path keys;

    private RunningApi api;
    private HttpsServer server;
    private String authority;
    private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    private volatile String answer = "'allowed': true";

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(data);
        Certificates certificates = new Certificates(keys, "127.0.0.1", Instant.now());
        authority =
                Base64.getEncoder().encodeToString(certificates.authorityPem().getBytes(StandardCharsets.UTF_8));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(certificates.keyStore(), new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/ask", exchange -> answer(exchange, answer));
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        api.close();
    }

    @Test
    void deniesInTheWordsOfTheWebhook() throws Exception {
        configure("Validating", url("/ask"), "");
        answer = "'allowed': false, 'status': {'code': 409, 'reason': 'Conflict', 'message': 'not today',"
                + " 'details': {'causes': [{'field': 'data.a', 'message': 'not this'}]}},"
                + " 'warnings': ['look out']";

        Answer denied = map("a", "");

        assertThat(denied.status()).isEqualTo(409);
        assertThat(denied.json().path("message").asString(""))
                .isEqualTo("admission webhook \"ask.example.com\" denied the request: not today");
        assertThat(denied.json().at("/details/causes/0/field").asString("")).isEqualTo("data.a");
        assertThatThrownBy(() -> new GatedWrites(api.store).apply(declared("a"), it -> it, warning -> {}))
                .isInstanceOfSatisfying(
                        DeniedException.class, e -> assertThat(e.field()).isEqualTo("data.a"));
        assertThat(denied.response().headers().firstValue("Warning")).contains("299 - \"look out\"");
        assertThat(asked.getFirst().path("operation").asString("")).isEqualTo("CREATE");
        assertThat(asked.getFirst().at("/object/metadata/name").asString("")).isEqualTo("a");
        assertThat(asked.getFirst().at("/userInfo/username").asString("")).isEqualTo("weft");
    }

    @Test
    void aDenialIsNeverASuccess() throws Exception {
        configure("Validating", url("/ask"), "");
        answer = "'allowed': false, 'status': {'code': 200}";

        assertThat(map("a", "").status()).isEqualTo(400);
    }

    @Test
    void storesWhatAMutatingWebhookMakesOfIt() throws Exception {
        configure("Mutating", url("/ask"), "");
        answer = "'allowed': true, 'patchType': 'JSONPatch', 'patch': '" + base64("""
                [{"op": "add", "path": "/data", "value": {"by": "webhook"}}]""") + "'";

        assertThat(map("a", "").json().at("/data/by").asString("")).isEqualTo("webhook");
        assertThat(api.get(MAPS + "/a").json().at("/data/by").asString("")).isEqualTo("webhook");
    }

    @Test
    void changesWhatFilesDeclare() throws Exception {
        configure("Mutating", url("/ask"), "");
        answer = patch("{'op': 'add', 'path': '/data', 'value': {'by': 'webhook'}}");
        GatedWrites writes = new GatedWrites(api.store);
        Resource map =
                new Resource(Kinds.CONFIG_MAP, (ObjectNode) JsonMapper.shared().readTree("""
                        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default"}}"""));
        List<Resource> judged = new ArrayList<>();

        String first = writes.apply(map, it -> judge(it, judged), warning -> {}).resourceVersion();
        String second =
                writes.apply(map, it -> judge(it, judged), warning -> {}).resourceVersion();

        assertThat(api.get(MAPS + "/a").json().at("/data/by").asString("")).isEqualTo("webhook");
        assertThat(second).isEqualTo(first); // it makes the same of it
        assertThat(judged).isNotEmpty();
        assertThat(asked.getFirst().at("/object/metadata/name").asString("")).isEqualTo("a");
        answer = patch("{'op': 'replace', 'path': '/metadata/name', 'value': 'b'}");
        assertThatThrownBy(() -> writes.apply(declared("c"), it -> it, warning -> {}))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("they have to stay");
    }

    private static Resource declared(String name) {
        return Resource.of(Kinds.CONFIG_MAP.key("default", name));
    }

    private static Resource judge(Resource resource, List<Resource> judged) {
        judged.add(resource);
        return resource;
    }

    @Test
    void keepsTheDocumentThatWasMeant() throws Exception {
        configure("Mutating", url("/ask"), "");
        answer = patch("{'op': 'replace', 'path': '/metadata/name', 'value': 'b'}");
        assertThat(map("a", "").json().path("message").asString("")).contains("changed metadata.name");
        assertThat(api.get(MAPS + "/b").status()).isEqualTo(404);

        answer = patch("{'op': 'add', 'path': '/metadata/uid', 'value': 'mine'}");
        assertThat(map("a", "").json().at("/metadata/uid").asString("")).isNotEqualTo("mine");
    }

    @Test
    void asksAgainAfterOthersChangedIt() throws Exception {
        configure("Mutating", url("/ask"), "'reinvocationPolicy': 'IfNeeded',");
        server.createContext(
                "/later",
                exchange -> answer(exchange, patch("{'op': 'add', 'path': '/data', 'value': {'by': 'later'}}")));
        String second = configuration("Mutating", "later", url("/later"), "");
        assertThat(api.post(API + "mutatingwebhookconfigurations", second).status())
                .isEqualTo(201);
        answer = patch("{'op': 'add', 'path': '/metadata/annotations', 'value': {'n': '1'}}");

        map("a", "");

        assertThat(asked)
                .extracting(it -> it.at("/object/data/by").asString(""))
                .containsExactly("", "", "later");
    }

    @Test
    void doesNotAskAgainWhenNobodyChangedItAfterwards() throws Exception {
        configure("Mutating", url("/ask"), "'reinvocationPolicy': 'IfNeeded',");
        api.post(API + "mutatingwebhookconfigurations", configuration("Mutating", "later", url("/ask"), ""));
        answer = patch("{'op': 'add', 'path': '/metadata/annotations', 'value': {'n': '1'}}");

        map("a", "");

        assertThat(asked).hasSize(2);
    }

    @Test
    void goesByWhatIsToHappenWhenNobodyAnswers() throws Exception {
        configure("Validating", "'url': 'https://127.0.0.1:1/none', 'caBundle': '" + authority + "'", "");
        Answer failed = map("a", "");
        assertThat(failed.status()).isEqualTo(500);
        assertThat(failed.json().path("message").asString(""))
                .startsWith("Internal error occurred: failed calling webhook \"ask.example.com\":");

        api.patch(
                API + "validatingwebhookconfigurations/ask",
                "application/json-patch+json",
                "[{'op': 'replace', 'path': '/webhooks/0/failurePolicy', 'value': 'Ignore'}]");
        assertThat(map("a", "").status()).isEqualTo(201);
    }

    @Test
    void waitsNoLongerThanItsTimeoutForTheRestOfAnAnswer() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        server.createContext("/stall", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        configure("Validating", url("/stall"), "'timeoutSeconds': 1,");
        try {
            assertThat(map("a", "").json().path("message").asString("")).endsWith("no whole answer within 1 s");
        } finally {
            end.countDown();
        }
    }

    @Test
    void isAskedAboutScales() throws Exception {
        api.post(DEPLOYMENTS, """
                {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'a'}, 'spec': {'replicas': 1,
                 'selector': {'matchLabels': {'app': 'a'}}, 'template': {'metadata': {'labels': {'app': 'a'}},
                  'spec': {'containers': [{'name': 'a', 'image': 'a'}]}}}}""");
        String configuration = configuration("Validating", "ask", url("/ask"), "")
                .replace("'apiGroups': ['']", "'apiGroups': ['apps']")
                .replace("'resources': ['configmaps']", "'resources': ['deployments/scale']");
        api.post(API + "validatingwebhookconfigurations", configuration);
        answer = "'allowed': false";

        assertThat(scale("2").status()).isEqualTo(403);
        assertThat(asked.getFirst().at("/requestKind/kind").asString("")).isEqualTo("Scale");
        assertThat(asked.getFirst().at("/object/spec/replicas").asInt(0)).isEqualTo(2);
        assertThat(asked.getFirst().at("/oldObject/spec/replicas").asInt(0)).isEqualTo(1);
        answer = "'allowed': true";
        assertThat(scale("2").status()).isEqualTo(200);
        assertThat(scale("10001").status()).isEqualTo(422);
        assertThat(scale("4294967297").status()).isEqualTo(422);
    }

    @Test
    void doesNotAskAboutWhatItsConditionsLeaveOut() throws Exception {
        configure(
                "Validating",
                url("/ask"),
                "'objectSelector': {'matchLabels': {'ask': 'yes'}}, 'matchConditions': [{'name': 'n', 'expression':"
                        + " 'object.metadata.name != \\\"b\\\"'}],");
        answer = "'allowed': false";

        assertThat(map("a", "").status()).isEqualTo(201);
        assertThat(map("b", "'labels': {'ask': 'yes'},").status()).isEqualTo(201);
        assertThat(map("c", "'labels': {'ask': 'yes'},").status()).isEqualTo(403);
    }

    @Test
    void trustsOnlyTheBundleAndTheNameOfTheService() throws Exception {
        configure("Validating", url("/ask").replace("127.0.0.1", "localhost"), "");
        assertThat(map("a", "").status()).isEqualTo(201);
        api.delete(API + "validatingwebhookconfigurations/ask");

        configure(
                "Validating", "'url': 'https://localhost:" + server.getAddress().getPort() + "/ask'", "");
        assertThat(map("b", "").status()).isEqualTo(500); // the system's authorities did not sign it
        api.delete(API + "validatingwebhookconfigurations/ask");

        configure("Validating", service("another"), "");
        assertThat(map("c", "").json().path("message").asString("")).contains("not for another.default.svc");
    }

    @Test
    void findsAServicesEndpoint() throws Exception {
        configure("Validating", service("kubernetes"), "");
        answer = "'allowed': false, 'status': {'message': 'reached'}";

        assertThat(map("a", "").json().path("message").asString("")).endsWith("denied the request: reached");
    }

    @Test
    void saysThatItDoesNotReachPodsWithNetworksOfTheirOwn() throws Exception {
        configure("Validating", service("inside", "10.244.0.7"), "");

        assertThat(map("a", "").json().path("message").asString(""))
                .contains("service \"inside\" has the endpoint 10.244.0.7:")
                .contains("a pod with a network of its own, which the API does not reach");
    }

    @Test
    void refusesAConfigurationThatCannotBeAsked() throws Exception {
        String refused = configuration("Validating", "ask", "'url': 'http://example.com'", "")
                .replace("'sideEffects': 'None'", "'sideEffects': 'Some'");
        assertThat(api.post(API + "validatingwebhookconfigurations", refused)
                        .json()
                        .path("message")
                        .asString(""))
                .contains("webhooks[0].clientConfig.url")
                .contains("webhooks[0].sideEffects");
        assertThat(fault("'url': 'https://a b'")).contains("webhooks[0].clientConfig.url");
        assertThat(fault("'url': 'https://a', 'caBundle': 'bm8='")).contains("webhooks[0].clientConfig.caBundle");
        assertThat(fault("'service': {'name': 'a', 'namespace': 'default', 'path': '@b/c'}"))
                .contains("webhooks[0].clientConfig.service.path");
    }

    private void answer(HttpExchange exchange, String response) throws IOException {
        ObjectNode review = (ObjectNode)
                JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
        asked.add(review.path("request"));
        String text = "{'uid': '" + review.at("/request/uid").asString("") + "', " + response + "}";
        review.set("response", JsonMapper.shared().readTree(text.replace('\'', '"')));
        review.remove("request");
        byte[] body = JsonMapper.shared().writeValueAsBytes(review);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private String fault(String client) throws Exception {
        Answer refused =
                api.post(API + "validatingwebhookconfigurations", configuration("Validating", "faulty", client, ""));
        assertThat(refused.status()).isEqualTo(422);
        return refused.json().path("message").asString("");
    }

    /** A Service whose endpoint is the server, whose certificate is for {@code kubernetes} alone. */
    private String service(String name) throws Exception {
        return service(name, "127.0.0.1");
    }

    private String service(String name, String address) throws Exception {
        api.post("/api/v1/namespaces/default/services", """
                {'apiVersion': 'v1', 'kind': 'Service', 'metadata': {'name': '%s'},
                 'spec': {'ports': [{'name': 'https', 'port': 443}]}}""".formatted(name));
        Answer slice = api.post("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", """
                {'apiVersion': 'discovery.k8s.io/v1', 'kind': 'EndpointSlice', 'addressType': 'IPv4',
                 'metadata': {'name': '%1$s-1', 'labels': {'kubernetes.io/service-name': '%1$s'}},
                 'endpoints': [{'addresses': ['%3$s'], 'conditions': {'ready': true}}],
                 'ports': [{'name': 'https', 'port': %2$d}]}""".formatted(
                        name, server.getAddress().getPort(), address));
        assertThat(slice.status()).as(slice.json().toString()).isEqualTo(201);
        return "'service': {'namespace': 'default', 'name': '" + name + "', 'path': '/ask'}, 'caBundle': '" + authority
                + "'";
    }

    private String url(String path) {
        return "'url': 'https://127.0.0.1:" + server.getAddress().getPort() + path + "', 'caBundle': '" + authority
                + "'";
    }

    private void configure(String type, String client, String more) throws Exception {
        Answer made = api.post(
                API + type.toLowerCase(java.util.Locale.ROOT) + "webhookconfigurations",
                configuration(type, "ask", client, more));
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
    }

    private static String configuration(String type, String name, String client, String more) {
        return """
                {'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': '%sWebhookConfiguration',
                 'metadata': {'name': '%s'}, 'webhooks': [{'name': '%s.example.com', 'clientConfig': {%s}, %s
                  'failurePolicy': 'Fail', 'sideEffects': 'None', 'admissionReviewVersions': ['v1'],
                  'rules': [{'apiGroups': [''], 'apiVersions': ['v1'], 'operations': ['*'], 'resources': ['configmaps']}]}]}
                """.formatted(type, name, name, client, more);
    }

    private Answer map(String name, String metadata) throws Exception {
        return api.post(
                MAPS,
                "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {" + metadata + "'name': '" + name + "'}}");
    }

    private Answer scale(String replicas) throws Exception {
        return api.patch(
                DEPLOYMENTS + "/a/scale", "application/merge-patch+json", "{'spec': {'replicas': " + replicas + "}}");
    }

    private static String patch(String operation) {
        return "'allowed': true, 'patchType': 'JSONPatch', 'patch': '"
                + base64("[" + operation.replace('\'', '"') + "]") + "'";
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
