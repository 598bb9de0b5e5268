package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The conventions, over real HTTP. */
class ApiServerTest {

    private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String SPLITS = "/apis/split.smi-spec.io/v1alpha4/namespaces/default/trafficsplits";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String MERGE = "application/merge-patch+json";
    private static final String TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

    @TempDir
    Path data;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(data, Map.of("/weft/v1/echo", new Echo()));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void letsNobodyInWithoutTheToken() throws Exception {
        assertThat(api.anonymous("/api").status()).isEqualTo(401);
        assertThat(api.anonymous("/weft/v1/echo").status()).isEqualTo(401);
        assertThat(api.anonymous("/healthz").status()).isEqualTo(200);
    }

    @Test
    void keepsItsSecretsToTheirOwner() throws Exception {
        for (String file : new String[] {"kubeconfig", "api/token", "api/server.key", "api/ca.key", "store.db"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file))))
                    .as(file)
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void hasItsNamespacesFromTheStart() throws Exception {
        assertThat(api.get("/api/v1/namespaces").json().findValuesAsString("name"))
                .contains("default", "kube-system", "weft");
        assertThat(api.get("/api/v1/namespaces/weft/serviceaccounts/default").status())
                .isEqualTo(200);
    }

    @Test
    void createsReadsReplacesAndDeletes() throws Exception {
        Answer created = create("a");
        Answer replaced = api.put(CONFIG_MAPS + "/a", configMap("a", "2"));
        Answer deleted = api.delete(CONFIG_MAPS + "/a");

        assertThat(created.status()).isEqualTo(201);
        assertThat(replaced.json().at("/data/value").asString("")).isEqualTo("2");
        assertThat(deleted.json().at("/details/uid").asString(""))
                .isEqualTo(created.json().at("/metadata/uid").asString(""));
        assertThat(api.get(CONFIG_MAPS + "/a").status()).isEqualTo(404);
    }

    @Test
    void answersEveryFailureWithAStatus() throws Exception {
        create("a");
        Answer twice = create("a");
        Answer missing = api.get(CONFIG_MAPS + "/none");
        Answer unknown = api.get("/apis/nobody.example/v1/things");

        assertThat(twice.json().at("/message").asString("")).isEqualTo("configmaps \"a\" already exists");
        assertThat(missing.json().at("/message").asString("")).isEqualTo("configmaps \"none\" not found");
        assertThat(missing.json().at("/details/kind").asString("")).isEqualTo("configmaps");
        assertThat(unknown.json().at("/kind").asString("")).isEqualTo("Status");
    }

    @Test
    void refusesWhatBelongsToAMissingNamespace() throws Exception {
        Answer refused = api.post(
                "/api/v1/namespaces/nowhere/configmaps",
                "{'apiVersion':'v1','kind':'ConfigMap'," + "'metadata':{'name':'a'}}");

        assertThat(refused.status()).isEqualTo(404);
        assertThat(refused.json().at("/message").asString("")).isEqualTo("namespaces \"nowhere\" not found");
    }

    @Test
    void namesEveryFaultOfADocument() throws Exception {
        Answer refused = api.post(SPLITS, split("'service':5,'backends':[{'service':'a','weight':-1}]"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().at("/details/causes").findValuesAsString("field"))
                .containsExactlyInAnyOrder("spec.service", "spec.backends[0].weight");
    }

    @Test
    void warnsOfAFieldThatNothingReads() throws Exception {
        Answer warned = api.post(SPLITS, split("'service':'a','colour':'red','backends':[{'service':'b','weight':1}]"));

        assertThat(warned.status()).isEqualTo(201);
        assertThat(warned.response().headers().firstValue("Warning").orElse("")).contains("spec.colour");
        assertThat(warned.json().at("/spec/colour").asString("")).isEqualTo("red");
    }

    @Test
    void refusesAnUpdateOfAnOldVersionAsKubernetesDoes() throws Exception {
        String version = create("a").json().at("/metadata/resourceVersion").asString("");
        api.put(CONFIG_MAPS + "/a", configMap("a", "2"));
        Answer stale = api.put(
                CONFIG_MAPS + "/a",
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','resourceVersion':'" + version + "'}}");

        assertThat(stale.status()).isEqualTo(409);
        assertThat(stale.json().at("/reason").asString("")).isEqualTo("Conflict");
    }

    @Test
    void takesEveryKindOfPatch() throws Exception {
        api.post(DEPLOYMENTS, deployment());
        String one = DEPLOYMENTS + "/web";
        Answer merged = api.patch(one, MERGE, "{'metadata':{'labels':{'a':'b'}}}");
        Answer stepped =
                api.patch(one, "application/json-patch+json", "[{'op':'replace','path':'/spec/replicas','value':3}]");
        Answer strategic = api.patch(
                one,
                "application/strategic-merge-patch+json",
                "{'spec':{'template':{'spec':{'containers':[{'name':'side','image':'new'}]}}}}");

        assertThat(merged.json().at("/metadata/labels/a").asString("")).isEqualTo("b");
        assertThat(stepped.json().at("/spec/replicas").asInt(0)).isEqualTo(3);
        assertThat(strategic.json().at("/spec/template/spec/containers").findValuesAsString("image"))
                .containsExactly("web-1", "new");
    }

    @Test
    void createsWhatIsAppliedAndNotThereYet() throws Exception {
        String apply = "application/apply-patch+yaml";
        Answer created = api.patch(CONFIG_MAPS + "/a?fieldManager=me", apply, configMap("a", "1"));
        Answer changed = api.patch(CONFIG_MAPS + "/a?fieldManager=me", apply, configMap("a", "2"));

        assertThat(created.status()).isEqualTo(201);
        assertThat(changed.json().at("/data/value").asString("")).isEqualTo("2");
    }

    @Test
    void writesTheStatusOnItsOwn() throws Exception {
        api.post(DEPLOYMENTS, deployment());
        Answer answer =
                api.patch(DEPLOYMENTS + "/web/status", MERGE, "{'status':{'readyReplicas':2},'spec':{'replicas':9}}");

        assertThat(answer.json().at("/status/readyReplicas").asInt(0)).isEqualTo(2);
        assertThat(answer.json().at("/spec/replicas").asInt(0)).isEqualTo(2);
        assertThat(answer.json().at("/metadata/generation").asInt(0)).isEqualTo(1);
    }

    @Test
    void keepsNothingOfADryRun() throws Exception {
        Answer answer = api.post(CONFIG_MAPS + "?dryRun=All", configMap("a", "1"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(api.get(CONFIG_MAPS + "/a").status()).isEqualTo(404);
    }

    @Test
    void selectsByLabelsAndFields() throws Exception {
        create("a");
        create("b");
        api.patch(CONFIG_MAPS + "/b", MERGE, "{'metadata':{'labels':{'tier':'web'}}}");

        assertThat(names(CONFIG_MAPS + "?labelSelector=tier%3Dweb")).containsExactly("b");
        assertThat(names(CONFIG_MAPS + "?labelSelector=tier+notin+(web,db)")).containsExactly("a");
        assertThat(names(CONFIG_MAPS + "?labelSelector=!tier")).containsExactly("a");
        assertThat(names(CONFIG_MAPS + "?fieldSelector=metadata.name%3Da")).containsExactly("a");
        assertThat(api.get(CONFIG_MAPS + "?fieldSelector=data.x%3Da").status()).isEqualTo(400);
    }

    @Test
    void listsInPages() throws Exception {
        for (String name : new String[] {"a", "b", "c"}) {
            create(name);
        }
        Answer first = api.get(CONFIG_MAPS + "?limit=2");
        String next = first.json().at("/metadata/continue").asString("");

        assertThat(first.json().at("/metadata/remainingItemCount").asInt(0)).isEqualTo(1);
        assertThat(names(CONFIG_MAPS + "?limit=2&continue=" + next)).containsExactly("c");
    }

    @Test
    void servesADocumentUnderEveryVersion() throws Exception {
        api.post(
                "/apis/split.smi-spec.io/v1alpha2/namespaces/default/trafficsplits",
                split("'service':'a','backends':[{'service':'b','weight':1}]").replace("v1alpha4", "v1alpha2"));

        assertThat(api.get(SPLITS + "/s").json().at("/apiVersion").asString(""))
                .isEqualTo("split.smi-spec.io/v1alpha4");
        assertThat(api.get(SPLITS.replace("v1alpha4", "v1alpha1") + "/s")
                        .json()
                        .at("/apiVersion")
                        .asString(""))
                .isEqualTo("split.smi-spec.io/v1alpha1");
    }

    @Test
    void makesTables() throws Exception {
        api.post(SPLITS, split("'service':'shop','backends':[{'service':'b','weight':1}]"));
        JsonNode table = api.getAs(TABLE, SPLITS).json();

        assertThat(table.at("/kind").asString("")).isEqualTo("Table");
        assertThat(table.at("/columnDefinitions").findValuesAsString("name")).containsExactly("Name", "Service");
        assertThat(table.at("/rows/0/cells/1").asString("")).isEqualTo("shop");
        assertThat(table.at("/rows/0/object/kind").asString("")).isEqualTo("PartialObjectMetadata");
    }

    @Test
    void watchesFromAVersion() throws Exception {
        String version = create("a").json().at("/metadata/resourceVersion").asString("");
        create("b");
        api.delete(CONFIG_MAPS + "/a");
        try (Stream<JsonNode> events = api.watch(CONFIG_MAPS + "?watch=true&resourceVersion=" + version)) {
            Iterator<JsonNode> next = events.iterator();

            assertThat(next.next().at("/type").asString("")).isEqualTo("ADDED");
            assertThat(next.next().at("/type").asString("")).isEqualTo("DELETED");
        }
    }

    @Test
    void tellsAWatchWhatLeavesItsSelector() throws Exception {
        create("a");
        String version = api.patch(CONFIG_MAPS + "/a", MERGE, "{'metadata':{'labels':{'tier':'web'}}}")
                .json()
                .at("/metadata/resourceVersion")
                .asString("");
        api.patch(CONFIG_MAPS + "/a", MERGE, "{'metadata':{'labels':{'tier':'db'}}}");
        String path = CONFIG_MAPS + "?watch=true&labelSelector=tier%3Dweb&resourceVersion=" + version;
        try (Stream<JsonNode> events = api.watch(path)) {
            assertThat(events.iterator().next().at("/type").asString("")).isEqualTo("DELETED");
        }
    }

    @Test
    void tellsAWatchThatIsTooOldToListAgain() throws Exception {
        create("a");
        api.close();
        api = new RunningApi(data);
        try (Stream<JsonNode> events = api.watch(CONFIG_MAPS + "?watch=true&resourceVersion=1")) {
            JsonNode event = events.iterator().next();

            assertThat(event.at("/type").asString("")).isEqualTo("ERROR");
            assertThat(event.at("/object/code").asInt(0)).isEqualTo(410);
        }
    }

    @Test
    void endsAWatchWhenItsTimeIsOver() throws Exception {
        create("a");
        try (Stream<JsonNode> events = api.watch(CONFIG_MAPS + "?watch=true&timeoutSeconds=1")) {
            assertThat(events.map(event -> event.at("/type").asString(""))).containsExactly("ADDED");
        }
    }

    @Test
    void keepsEverythingOverARestart() throws Exception {
        Answer created = create("a");
        api.close();
        api = new RunningApi(data);

        assertThat(api.get(CONFIG_MAPS + "/a").json()).isEqualTo(created.json());
    }

    @Test
    void deletesANamespaceWithEverythingInIt() throws Exception {
        api.post("/api/v1/namespaces", "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'shop'}}");
        api.store.create(Resource.of(Kinds.CONFIG_MAP.key("shop", "a")));
        try (Stream<JsonNode> events = api.watch("/api/v1/namespaces?watch=true&fieldSelector=metadata.name%3Dshop")) {
            api.delete("/api/v1/namespaces/shop");
            assertThat(events.map(event -> event.at("/type").asString("")).anyMatch(type -> type.equals("DELETED")))
                    .isTrue();
        }
        assertThat(api.store.get(Kinds.CONFIG_MAP.key("shop", "a"))).isEmpty();
    }

    @Test
    void waitsForNoBodyOfAStranger() throws Exception {
        for (String claim : List.of("Impersonate-User: a", "Impersonate-Uid: 1")) {
            String head =
                    "POST /healthz HTTP/1.1\r\nHost: localhost\r\n" + claim + "\r\nContent-Length: 3000000\r\n\r\n{";
            try (Socket stranger = api.stranger(head)) {
                String answer = new String(stranger.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

                assertThat(answer).startsWith("HTTP/1.1 40");
            }
        }
    }

    @Test
    void boundsWhatItReads() throws Exception {
        String large = "x".repeat(3 << 20);
        String deep = "[".repeat(200) + "]".repeat(200);

        assertThat(api.post(CONFIG_MAPS, configMap("a", large)).status()).isEqualTo(413);
        assertThat(api.post(CONFIG_MAPS, deep).json().at("/message").asString(""))
                .startsWith("the body is not JSON: ");
    }

    @Test
    void handsOnTheLogsOfAPod() throws Exception {
        String pods = "/api/v1/namespaces/default/pods/";

        assertThat(api.get(pods + "talker/log?tailLines=7").response().body()).isEqualTo("tail 7\n");
        assertThat(api.get(pods + "silent/log").status()).isEqualTo(400);
        for (String wrong : List.of("tailLines=-1", "limitBytes=0", "sinceSeconds=0")) {
            assertThat(api.get(pods + "talker/log?" + wrong).status()).isEqualTo(422);
        }
    }

    @Test
    void mountsHandlersOfOthersBehindTheToken() throws Exception {
        assertThat(api.get("/weft/v1/echo/x").response().body()).isEqualTo("/weft/v1/echo/x");
        assertThat(api.get("/weft/v1/other").status()).isEqualTo(404);
    }

    private Answer create(String name) throws Exception {
        return api.post(CONFIG_MAPS, configMap(name, "1"));
    }

    private Iterable<String> names(String path) throws Exception {
        return api.get(path).json().path("items").findValuesAsString("name");
    }

    private static String configMap(String name, String value) {
        return "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'" + name + "'},'data':{'value':'" + value
                + "'}}";
    }

    private static String split(String spec) {
        return "{'apiVersion':'split.smi-spec.io/v1alpha4','kind':'TrafficSplit','metadata':{'name':'s'},'spec':{"
                + spec + "}}";
    }

    private static String deployment() {
        return "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},'spec':{'replicas':2,"
                + "'selector':{'matchLabels':{'app':'web'}},'template':{'metadata':{'labels':{'app':'web'}},'spec':{"
                + "'containers':[{'name':'web','image':'web-1'},{'name':'side','image':'old'}]}}}}";
    }

    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            byte[] path = Request.getPathInContext(request).getBytes(StandardCharsets.UTF_8);
            response.write(true, ByteBuffer.wrap(path), callback);
            return true;
        }
    }
}
