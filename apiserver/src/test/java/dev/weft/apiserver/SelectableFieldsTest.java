package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Fields of somebody's kind that field selectors may name, over real HTTP. */
class SelectableFieldsTest extends ApiTest {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String SHIRTS = "/apis/example.com/v1/namespaces/default/shirts";
    private static final String DEFINITION = """
            {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
             'metadata': {'name': 'shirts.example.com'},
             'spec': {'group': 'example.com', 'scope': 'Namespaced', 'names': {'plural': 'shirts', 'kind': 'Shirt'},
              'versions': [{'name': 'v1', 'served': true, 'storage': true,
               'selectableFields': [{'jsonPath': '.spec.color'}, {'jsonPath': 'PATH'}],
               'schema': {'openAPIV3Schema': {'type': 'object', 'properties': {'spec': {'type': 'object', 'properties': {
                'color': {'type': 'string'}, 'size_2': {'type': 'integer'}, 'worn': {'type': 'boolean'},
                'weight': {'type': 'number'}, 'tags': {'type': 'array', 'items': {'type': 'string'}}}}}}}}]}}
            """;

    @Test
    void selectsByThemInListsAndCollections() throws Exception {
        define(".spec.size_2");
        shirt("a", "'color': 'blue', 'size_2': 3");
        shirt("b", "'color': 'green', 'size_2': 3");
        shirt("c", "'size_2': 4");

        assertThat(names("spec.color=blue")).containsExactly("a");
        assertThat(names("spec.color!=blue,spec.size_2=3")).containsExactly("b");
        assertThat(names("spec.color=")).containsExactly("c");
        Answer refused = api.get(SHIRTS + "?fieldSelector=spec.worn%3Dtrue");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("message").asString("")).isEqualTo("field label not supported: spec.worn");
        assertThat(api.get("/openapi/v3/apis/example.com/v1").json().toString())
                .contains("\"x-kubernetes-selectable-fields\":[{\"fieldPath\":\"spec.color\"}");

        api.delete(SHIRTS + "?fieldSelector=spec.size_2%3D3");
        assertThat(names("")).containsExactly("c");
    }

    @Test
    void aWatchSeesWhatComesIntoItsViewAndWhatLeavesIt() throws Exception {
        define(".spec.size_2");
        shirt("a", "'color': 'green'");
        shirt("b", "'color': 'blue'");

        try (Stream<JsonNode> watch = api.watch(SHIRTS + "?watch=true&fieldSelector=spec.color%3Dblue")) {
            color("a", "blue");
            color("b", "red");
            assertThat(watch.limit(3)
                            .map(event -> event.path("type").asString("") + " "
                                    + event.at("/object/metadata/name").asString(""))
                            .toList())
                    .containsExactly("ADDED b", "ADDED a", "DELETED b");
        }
    }

    @ParameterizedTest
    @CsvSource({
        ".spec.none, is not in the schema",
        ".spec.tags, is of type array",
        ".spec.weight, is of type number",
        ".spec.tags[0], is no simple path",
        ".metadata.labels, is part of the metadata",
        ".spec.color, is there twice"
    })
    void refusesADefinitionOfWhatCannotBeSelectedBy(String path, String problem) throws Exception {
        Answer refused = api.post(DEFINITIONS, DEFINITION.replace("PATH", path));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString(""))
                .contains("spec.versions[0].selectableFields[1].jsonPath: \"" + path + "\" " + problem);
    }

    private List<String> names(String selector) throws Exception {
        return api.get(SHIRTS + "?fieldSelector=" + selector.replace("=", "%3D").replace("!", "%21"))
                .json()
                .path("items")
                .valueStream()
                .map(item -> item.at("/metadata/name").asString(""))
                .toList();
    }

    private void color(String name, String color) throws Exception {
        assertThat(api.patch(
                                SHIRTS + "/" + name,
                                "application/merge-patch+json",
                                "{'spec': {'color': '" + color + "'}}")
                        .status())
                .isEqualTo(200);
    }

    private void shirt(String name, String spec) throws Exception {
        Answer made = api.post(
                SHIRTS,
                "{'apiVersion': 'example.com/v1', 'kind': 'Shirt', 'metadata': {'name': '" + name + "'}, 'spec': {"
                        + spec + "}}");
        assertThat(made.status()).isEqualTo(201);
    }

    private void define(String path) throws Exception {
        assertThat(api.post(DEFINITIONS, DEFINITION.replace("PATH", path)).status())
                .isEqualTo(201);
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (api.get(SHIRTS).status() != 200) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
