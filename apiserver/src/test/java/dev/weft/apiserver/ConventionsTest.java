package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What controllers and client libraries rely on, asked of the API directly. */
final class ConventionsTest extends ApiTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MERGE = "application/merge-patch+json";

    @Test
    void marksTheEndOfInitialEventsWithABookmark() throws Exception {
        create("one", "");
        create("two", "");

        try (Stream<JsonNode> events = api.watch(MAPS
                + "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan")) {
            List<JsonNode> first = events.limit(3).toList();
            assertThat(first.stream().map(event -> text(event, "/type"))).containsExactly("ADDED", "ADDED", "BOOKMARK");
            assertThat(text(first.getLast(), "/object/metadata/annotations/k8s.io~1initial-events-end"))
                    .isEqualTo("true");
            assertThat(text(first.getLast(), "/object/kind")).isEqualTo("ConfigMap");
        }
    }

    @Test
    void listsAsItWasAtAVersion() throws Exception {
        create("stays", "");
        create("goes", "");
        String then = text(api.get(MAPS).json(), "/metadata/resourceVersion");
        api.delete(MAPS + "/goes");
        create("comes", "");
        api.patch(MAPS + "/stays", MERGE, "{'data':{'colour':'red'}}");

        RunningApi.Answer exact = api.get(MAPS + "?resourceVersionMatch=Exact&resourceVersion=" + then);

        assertThat(names(exact.json())).containsExactly("goes", "stays");
        assertThat(text(exact.json(), "/items/1/data/colour")).isEqualTo("blue");
        assertThat(text(exact.json(), "/metadata/resourceVersion")).isEqualTo(then);
        assertThat(names(api.get(MAPS + "?resourceVersionMatch=NotOlderThan&resourceVersion=" + then)
                        .json()))
                .containsExactly("comes", "stays");
        assertThat(names(api.get(MAPS + "?resourceVersion=0").json())).containsExactly("comes", "stays");
    }

    @Test
    void refusesVersionsThatCannotBe() throws Exception {
        assertThat(api.get(MAPS + "?resourceVersion=999999").status()).isEqualTo(504);
        assertThat(text(api.get(MAPS + "?resourceVersion=999999").json(), "/message"))
                .startsWith("Too large resource version: 999999, current: ");
        assertThat(api.get(MAPS + "?resourceVersionMatch=Exact").status()).isEqualTo(422);
        assertThat(api.get(MAPS + "?resourceVersionMatch=Exact&resourceVersion=0")
                        .status())
                .isEqualTo(422);
        assertThat(api.get(MAPS + "?resourceVersionMatch=Newest&resourceVersion=1")
                        .status())
                .isEqualTo(422);
        assertThat(api.get(MAPS + "?resourceVersion=old").status()).isEqualTo(400);
    }

    @Test
    void goesOnInTheSameListWhateverHappensMeanwhile() throws Exception {
        for (String name : List.of("a", "b", "c", "d")) {
            create(name, "");
        }
        JsonNode first = api.get(MAPS + "?limit=2").json();
        api.delete(MAPS + "/c");
        create("e", "");

        JsonNode second = api.get(MAPS + "?limit=2&continue=" + text(first, "/metadata/continue"))
                .json();

        assertThat(names(first)).containsExactly("a", "b");
        assertThat(first.at("/metadata/remainingItemCount").asInt(0)).isEqualTo(2);
        assertThat(names(second)).containsExactly("c", "d");
        assertThat(text(second, "/metadata/resourceVersion")).isEqualTo(text(first, "/metadata/resourceVersion"));
        assertThat(second.at("/metadata").has("continue")).isFalse();
    }

    @Test
    void saysThatAListHasExpiredWhenItsTimeIsForgotten() throws Exception {
        create("a", "");
        create("b", "");
        String position = text(api.get(MAPS + "?limit=1").json(), "/metadata/continue");
        for (int i = 0; i < 2_000; i++) {
            api.patch(MAPS + "/a", MERGE, "{'data':{'colour':'" + i + "'}}");
        }

        RunningApi.Answer answer = api.get(MAPS + "?limit=1&continue=" + position);

        assertThat(answer.status()).isEqualTo(410);
        assertThat(text(answer.json(), "/reason")).isEqualTo("Expired");
        assertThat(api.get(MAPS).status()).isEqualTo(200);
    }

    @Test
    void holdsWhatAFinalizerHolds() throws Exception {
        create("held", "'finalizers':['example.com/mine'],");

        RunningApi.Answer answer = api.delete(MAPS + "/held");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer.json(), "/metadata/deletionTimestamp")).isNotEmpty();
        assertThat(api.get(MAPS + "/held").status()).isEqualTo(200);
        api.patch(MAPS + "/held", MERGE, "{'metadata':{'finalizers':null}}");
        assertThat(api.get(MAPS + "/held").status()).isEqualTo(404);
    }

    @Test
    void backgroundDeletionTakesDependentsAfterTheirOwner() throws Exception {
        ownerAndDependent();

        api.delete(MAPS + "/owner?propagationPolicy=Background");

        assertThat(api.get(MAPS + "/owner").status()).isEqualTo(404);
        assertThat(api.get(MAPS + "/dependent").status()).isEqualTo(404);
    }

    @Test
    void orphanDeletionLeavesDependentsWithoutTheirOwner() throws Exception {
        ownerAndDependent();

        api.delete(MAPS + "/owner?propagationPolicy=Orphan");

        assertThat(api.get(MAPS + "/owner").status()).isEqualTo(404);
        assertThat(api.get(MAPS + "/dependent").json().at("/metadata/ownerReferences"))
                .isEmpty();
    }

    @Test
    void foregroundDeletionTakesDependentsBeforeTheirOwner() throws Exception {
        String uid = text(create("owner", ""), "/metadata/uid");
        create("dependent", "'finalizers':['example.com/mine']," + ownedBy("owner", uid));

        RunningApi.Answer answer = api.delete(MAPS + "/owner?propagationPolicy=Foreground");

        assertThat(text(answer.json(), "/metadata/finalizers/0")).isEqualTo("foregroundDeletion");
        assertThat(text(api.get(MAPS + "/dependent").json(), "/metadata/deletionTimestamp"))
                .isNotEmpty();
        assertThat(api.get(MAPS + "/owner").status()).isEqualTo(200);
        api.patch(MAPS + "/dependent", MERGE, "{'metadata':{'finalizers':['foregroundDeletion']}}");
        api.patch(MAPS + "/dependent", MERGE, "{'metadata':{'finalizers':null}}");
        assertThat(api.get(MAPS + "/dependent").status()).isEqualTo(404);
        assertThat(api.get(MAPS + "/owner").status()).isEqualTo(404);
    }

    @Test
    void foregroundDeletionLeavesWhatAnotherOwns() throws Exception {
        String uid = text(create("owner", ""), "/metadata/uid");
        String other = text(create("other", ""), "/metadata/uid");
        create(
                "shared",
                ownedBy("owner", uid).replace("}],", "},")
                        + ownedBy("other", other).substring("'ownerReferences':[".length()));

        api.delete(MAPS + "/owner?propagationPolicy=Foreground");

        assertThat(api.get(MAPS + "/owner").status()).isEqualTo(404);
        assertThat(text(api.get(MAPS + "/shared").json(), "/metadata/ownerReferences/0/uid"))
                .isEqualTo(other);
    }

    @Test
    void collectsWhatComesAfterItsOwnerHasGone() throws Exception {
        create("late", ownedBy("owner", "00000000-0000-0000-0000-000000000000"));

        assertThat(api.get(MAPS + "/late").status()).isEqualTo(404);
    }

    @Test
    void deletesOnlyWhatWasMeant() throws Exception {
        String uid = text(create("meant", ""), "/metadata/uid");

        assertThat(api.patch(MAPS + "/meant", MERGE, "{'metadata':{'uid':'other'}}")
                        .status())
                .isEqualTo(409);
        assertThat(api.get(MAPS + "/meant").json().at("/metadata/uid").asString(""))
                .isEqualTo(uid);
    }

    @Test
    void deletesACollectionBySelector() throws Exception {
        create("red-1", "'labels':{'colour':'red'},");
        create("red-2", "'labels':{'colour':'red'},");
        create("blue", "'labels':{'colour':'blue'},");

        assertThat(names(api.delete(MAPS + "?labelSelector=colour%3Dred&dryRun=All")
                        .json()))
                .containsExactly("red-1", "red-2");
        assertThat(names(api.get(MAPS).json())).hasSize(3);
        api.delete(MAPS + "?labelSelector=colour%3Dred");

        assertThat(names(api.get(MAPS).json())).containsExactly("blue");
    }

    @Test
    void makesNamesFromAPrefix() throws Exception {
        String body = "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'generateName':'job-'}}";

        String one = text(api.post(MAPS, body).json(), "/metadata/name");
        String two = text(api.post(MAPS, body).json(), "/metadata/name");

        assertThat(one).matches("job-[a-z0-9]{5}").isNotEqualTo(two);
    }

    @Test
    void countsGenerationsOfWhatIsWantedAlone() throws Exception {
        String deployments = "/apis/apps/v1/namespaces/default/deployments";
        api.post(
                deployments,
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'web'},'spec':{"
                        + "'selector':{'matchLabels':{'app':'web'}},'template':{'metadata':{'labels':{'app':'web'}},"
                        + "'spec':{'containers':[{'name':'main','image':'web'}]}}}}");
        String web = deployments + "/web";

        api.patch(web, MERGE, "{'metadata':{'labels':{'a':'b'}}}");
        assertThat(generation(web)).isEqualTo(1);
        api.patch(web, MERGE, "{'spec':{'replicas':3}}");
        assertThat(generation(web)).isEqualTo(2);
        api.patch(web + "/status", MERGE, "{'status':{'observedGeneration':2}}");
        assertThat(generation(web)).isEqualTo(2);
        api.patch(web, MERGE, "{'status':{'observedGeneration':7}}");
        assertThat(api.get(web).json().at("/status/observedGeneration").asInt(0))
                .isEqualTo(2);
    }

    @Test
    void saysWhatANamespaceThatGoesStillHolds() throws Exception {
        api.post("/api/v1/namespaces", "{'apiVersion':'v1','kind':'Namespace','metadata':{'name':'going'}}");
        String maps = "/api/v1/namespaces/going/configmaps";
        api.post(
                maps,
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'held','finalizers':['example.com/mine']}}");

        api.delete("/api/v1/namespaces/going");

        try (Stream<JsonNode> events =
                api.watch("/api/v1/namespaces?watch=true&timeoutSeconds=60&fieldSelector=metadata.name%3Dgoing")) {
            JsonNode held = events.filter(event -> event.at("/object/status/conditions")
                            .valueStream()
                            .anyMatch(it -> text(it, "/type").equals("NamespaceFinalizersRemaining")
                                    && text(it, "/status").equals("True")))
                    .findFirst()
                    .orElseThrow();
            assertThat(text(held, "/object/status/phase")).isEqualTo("Terminating");
            assertThat(held.at("/object/status/conditions").toString())
                    .contains("configmaps. has 1 resource instances", "example.com/mine in 1 resource instances");
        }
        assertThat(api.post(maps, "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'late'}}")
                        .status())
                .isEqualTo(403);
        try (Stream<JsonNode> events =
                api.watch("/api/v1/namespaces?watch=true&timeoutSeconds=60&fieldSelector=metadata.name%3Dgoing")) {
            api.patch(maps + "/held", MERGE, "{'metadata':{'finalizers':null}}");
            assertThat(events.anyMatch(event -> text(event, "/type").equals("DELETED")))
                    .isTrue();
        }
    }

    private void ownerAndDependent() throws Exception {
        String uid = text(create("owner", ""), "/metadata/uid");
        create("dependent", ownedBy("owner", uid));
    }

    private static String ownedBy(String name, String uid) {
        return "'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'" + name + "','uid':'" + uid
                + "','blockOwnerDeletion':true}],";
    }

    /** @param metadata further fields, each followed by a comma */
    private JsonNode create(String name, String metadata) throws Exception {
        RunningApi.Answer answer = api.post(
                MAPS,
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{" + metadata + "'name':'" + name
                        + "'},'data':{'colour':'blue'}}");
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(201);
        return answer.json();
    }

    private long generation(String path) throws Exception {
        return api.get(path).json().at("/metadata/generation").asLong(0);
    }

    private static List<String> names(JsonNode list) {
        List<String> names = new ArrayList<>();
        list.at("/items").forEach(item -> names.add(text(item, "/metadata/name")));
        return names;
    }

    private static String text(JsonNode json, String pointer) {
        return json.at(pointer).asString("");
    }
}
