package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** One document, read and written in every version of its kind. */
class VersionsTest extends ApiTest {

    private static final String SPLITS = "/apis/split.smi-spec.io/%s/namespaces/default/trafficsplits";
    private static final String TARGETS = "/apis/access.smi-spec.io/%s/namespaces/default/traffictargets";
    private static final String APPLY = "application/apply-patch+yaml";
    private static final String OLD_SPLIT = """
            {'apiVersion': 'split.smi-spec.io/v1alpha1', 'kind': 'TrafficSplit', 'metadata': {'name': 'a'},
             'spec': {'service': 'web', 'backends': [
               {'service': 'one', 'weight': '1'}, {'service': 'two', 'weight': '500m'}]}}""";
    private static final String OLD_TARGET = """
            {'apiVersion': 'access.smi-spec.io/v1alpha1', 'kind': 'TrafficTarget', 'metadata': {'name': 'a'},
             'destination': {'kind': 'ServiceAccount', 'name': 'b', 'port': 80},
             'specs': [{'kind': 'TCPRoute', 'name': 'c'}],
             'sources': [{'kind': 'ServiceAccount', 'name': 'd'}]}""";

    @Test
    void readsAnOldDocumentInItsOwnShapeAndInTheNewest() throws Exception {
        assertThat(api.post(TARGETS.formatted("v1alpha1"), OLD_TARGET).status()).isEqualTo(201);

        JsonNode old = api.get(TARGETS.formatted("v1alpha1") + "/a").json();
        JsonNode now = api.get(TARGETS.formatted("v1alpha3") + "/a").json();

        assertThat(old.at("/apiVersion").asString()).isEqualTo("access.smi-spec.io/v1alpha1");
        assertThat(old.at("/destination/port").asInt()).isEqualTo(80);
        assertThat(old.at("/specs/0/name").asString()).isEqualTo("c");
        assertThat(old.has("spec")).isFalse();
        assertThat(now.at("/spec/destination/name").asString()).isEqualTo("b");
        assertThat(now.at("/spec/rules/0/name").asString()).isEqualTo("c");
        assertThat(now.has("destination")).isFalse();
    }

    @Test
    void listsAndWatchesInTheVersionThatIsAskedFor() throws Exception {
        api.post(SPLITS.formatted("v1alpha1"), OLD_SPLIT);

        for (String version : List.of("v1alpha1", "v1alpha2", "v1alpha4")) {
            JsonNode listed = api.get(SPLITS.formatted(version)).json().at("/items/0");
            JsonNode watched;
            try (Stream<JsonNode> events = api.watch(SPLITS.formatted(version) + "?watch=true")) {
                watched = events.findFirst().orElseThrow().path("object");
            }
            String weight = version.equals("v1alpha1") ? "1" : "1000";
            assertThat(listed.at("/apiVersion").asString()).endsWith(version);
            assertThat(listed.at("/spec/backends/0/weight").asString()).isEqualTo(weight);
            assertThat(watched).isEqualTo(listed);
        }
    }

    @Test
    void aPatchInAnOldVersionLeavesWhatItCannotSay() throws Exception {
        api.post(SPLITS.formatted("v1alpha4"), """
                {'apiVersion': 'split.smi-spec.io/v1alpha4', 'kind': 'TrafficSplit', 'metadata': {'name': 'a'},
                 'spec': {'service': 'web', 'matches': [{'kind': 'HTTPRouteGroup', 'name': 'fox'}],
                   'backends': [{'service': 'one', 'weight': 1}]}}""");

        Answer patched = api.patch(
                SPLITS.formatted("v1alpha2") + "/a",
                "application/merge-patch+json",
                "{'spec': {'backends': [{'service': 'one', 'weight': 5}]}}");

        JsonNode now = api.get(SPLITS.formatted("v1alpha4") + "/a").json();
        assertThat(patched.json().at("/spec").has("matches")).isFalse();
        assertThat(now.at("/spec/backends/0/weight").asInt()).isEqualTo(5);
        assertThat(now.at("/spec/matches/0/name").asString()).isEqualTo("fox");
    }

    @Test
    void appliesInTwoVersionsAreOneManagersAndConflictAcrossVersions() throws Exception {
        String mine = "/a?fieldManager=mine";
        assertThat(api.patch(TARGETS.formatted("v1alpha1") + mine, APPLY, OLD_TARGET)
                        .status())
                .isEqualTo(201);

        Answer others = api.patch(TARGETS.formatted("v1alpha3") + "/a?fieldManager=other", APPLY, target("x"));
        Answer again = api.patch(TARGETS.formatted("v1alpha3") + mine, APPLY, target("x"));

        assertThat(others.status()).isEqualTo(409);
        assertThat(others.json().path("message").asString())
                .contains("conflict with \"mine\"", ".spec.destination.name");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().at("/metadata").has("annotations")).isFalse();
        assertThat(again.json().at("/metadata/managedFields")).hasSize(1);
        assertThat(again.json().at("/metadata/managedFields/0/apiVersion").asString())
                .isEqualTo("access.smi-spec.io/v1alpha3");
        assertThat(api.get(TARGETS.formatted("v1alpha1") + "/a")
                        .json()
                        .at("/destination")
                        .has("port"))
                .isFalse();
    }

    @Test
    void anUpdateInEachVersionKeepsTheGenerationWhileNothingChanges() throws Exception {
        api.post(SPLITS.formatted("v1alpha1"), OLD_SPLIT);

        for (String version : List.of("v1alpha1", "v1alpha2", "v1alpha3", "v1alpha4")) {
            String path = SPLITS.formatted(version) + "/a";
            Answer put = api.put(path, api.get(path).json().toString());
            assertThat(put.status()).isEqualTo(200);
            assertThat(put.json().at("/metadata/generation").asInt()).isEqualTo(1);
        }
        assertThat(api.get(SPLITS.formatted("v1alpha1") + "/a")
                        .json()
                        .at("/spec/backends/1/weight")
                        .asString())
                .isEqualTo("500m");
    }

    @Test
    void whatIsWrongIsSaidInTheWordsOfTheVersion() throws Exception {
        Answer refused = api.post(TARGETS.formatted("v1alpha1"), OLD_TARGET.replace("'name': 'b', ", ""));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString())
                .contains(" destination.name")
                .doesNotContain("spec.dest");
    }

    private static String target(String name) {
        return """
                {'apiVersion': 'access.smi-spec.io/v1alpha3', 'kind': 'TrafficTarget', 'metadata': {'name': 'a'},
                 'spec': {'destination': {'kind': 'ServiceAccount', 'name': '%s'},
                   'rules': [{'kind': 'TCPRoute', 'name': 'c'}],
                   'sources': [{'kind': 'ServiceAccount', 'name': 'd'}]}}""".formatted(name);
    }
}
