package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What becomes of fields that a kind does not have, and what the API tells of those that it has. */
class FieldValidationTest {

    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String MAPPINGS = "/apis/getambassador.io/v3alpha1/namespaces/default/mappings";

    @TempDir
    Path data;

    private RunningApi api;

    @BeforeEach
    void start() throws Exception {
        api = new RunningApi(data);
    }

    @AfterEach
    void stop() {
        api.close();
    }

    @Test
    void strictRefusesUnknownFieldsOfBuiltInKindsAllAtOnce() throws Exception {
        Answer refused = api.post(DEPLOYMENTS + "?fieldValidation=Strict", deployment("a", "'replica': 1, 'odd': {}"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("message").asString(""))
                .startsWith("strict decoding error: unknown field \"spec.replica\" (Did you mean replicas?), "
                        + "unknown field \"spec.odd\" (Remove it; known here: ");
        assertThat(api.get(DEPLOYMENTS + "/a").status()).isEqualTo(404);
    }

    @Test
    void strictRefusesUnknownFieldsOfOurOwnKinds() throws Exception {
        Answer refused = api.post(MAPPINGS + "?fieldValidation=Strict", mapping("a", "'time_out_ms': 1"));

        assertThat(refused.json().path("message").asString(""))
                .contains("unknown field \"spec.time_out_ms\" (Did you mean timeout_ms?)");
    }

    @Test
    void strictTakesFieldsOfTheOriginalThatHaveNoEffectHereWithAWarning() throws Exception {
        String document = deployment("a", "'replicas': 1").replace("\"image\"", "\"lifecycle\": {}, \"image\"");
        Answer taken = api.post(DEPLOYMENTS + "?fieldValidation=Strict", document);

        assertThat(taken.status()).isEqualTo(201);
        assertThat(taken.response().headers().allValues("Warning")).anyMatch(it -> it.contains("lifecycle"));
    }

    @Test
    void warnKeepsThemWithAWarningAndIgnoreWithoutOne() throws Exception {
        for (String kind : new String[] {"", "?fieldValidation=Warn"}) {
            Answer warned = api.post(MAPPINGS + kind, mapping("a" + kind.length(), "'odd': 1"));
            assertThat(warned.status()).isEqualTo(201);
            assertThat(warned.json().at("/spec/odd").asInt(0)).isEqualTo(1);
            assertThat(warned.response().headers().allValues("Warning"))
                    .anyMatch(it -> it.startsWith("299 - \"unknown field \\\"spec.odd\\\""));
        }
        Answer ignored = api.post(MAPPINGS + "?fieldValidation=Ignore", mapping("b", "'odd': 1"));
        assertThat(ignored.status()).isEqualTo(201);
        assertThat(ignored.response().headers().allValues("Warning")).isEmpty();
    }

    @Test
    void openApiHasEveryFieldInBothVersions() throws Exception {
        JsonNode third = api.get("/openapi/v3/apis/apps/v1").json();
        JsonNode second = api.getAs("application/json", "/openapi/v2").json();

        assertThat(third.at("/components/schemas/apps.v1.Deployment/properties/spec/allOf/0/$ref")
                        .asString(""))
                .isEqualTo("#/components/schemas/dev.weft.schema.DeploymentSpec");
        assertThat(third.at("/components/schemas/dev.weft.schema.Container/properties/image/type")
                        .asString(""))
                .isEqualTo("string");
        assertThat(second.at("/definitions/dev.weft.schema.MappingSpec/properties/timeout_ms/type")
                        .asString(""))
                .isEqualTo("integer");
        assertThat(second.toString()).doesNotContain("#/components");
    }

    private static String deployment(String name, String fields) {
        return ("{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': '" + name + "'}, 'spec': {"
                        + fields
                        + ", 'selector': {'matchLabels': {'app': 'a'}}, 'template': {'metadata': {'labels': {'app': 'a'}},"
                        + " 'spec': {'containers': [{'name': 'a', 'image': 'a'}]}}}}")
                .replace('\'', '"');
    }

    private static String mapping(String name, String fields) {
        return ("{'apiVersion': 'getambassador.io/v3alpha1', 'kind': 'Mapping', 'metadata': {'name': '" + name
                        + "'}, 'spec': {'prefix': '/', 'hostname': '*', 'service': 'a', " + fields + "}}")
                .replace('\'', '"');
    }
}
