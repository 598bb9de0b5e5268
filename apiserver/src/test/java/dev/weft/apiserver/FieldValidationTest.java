package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of fields that a kind does not have, and what the API tells of those that it has. */
class FieldValidationTest extends ApiTest {

    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String MAPPINGS = "/apis/getambassador.io/v3alpha1/namespaces/default/mappings";

    @Test
    void strictRefusesUnknownFieldsOfBuiltInKindsAllAtOnce() throws Exception {
        Answer refused = api.post(DEPLOYMENTS + "?fieldValidation=Strict", deployment("a", "'replica': 1, 'odd': {}"));

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("message").asString(""))
                .isEqualTo("strict decoding error: unknown field \"spec.replica\" (Did you mean replicas?), "
                        + "unknown field \"spec.odd\" (Remove it.)");
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
    void aWriteWithManyUnknownFieldsIsStoredAndAnsweredWithTheFirstOfThem() throws Exception {
        String fields = IntStream.range(0, 3000)
                .mapToObj(i -> "'odd" + i + "': 'x'")
                .collect(Collectors.joining(", ", "'" + "long".repeat(200) + "': 1, ", ""));

        Answer warned = api.post(MAPPINGS, mapping("a", fields));
        List<String> warnings = warned.response().headers().allValues("Warning");

        assertThat(warned.status()).isEqualTo(201);
        assertThat(warnings)
                .first()
                .asString()
                .hasSizeLessThan(280)
                .contains("longlong")
                .endsWith("...\"");
        assertThat(warnings).last().asString().startsWith("299 - \"2951 more fields are unknown");
        assertThat(warnings.stream().mapToInt(it -> it.length() + 11).sum()).isBetween(3000, 4096);
        assertThat(api.post(MAPPINGS + "?fieldValidation=Strict", mapping("b", fields))
                        .json()
                        .path("message")
                        .asString(""))
                .contains("spec.odd48")
                .doesNotContain("spec.odd49")
                .endsWith(", and 2951 more");
    }

    @Test
    void strictForgivesAPatchWhatWasStoredBefore() throws Exception {
        api.post(MAPPINGS, mapping("a", "'odd': 1"));
        String strict = MAPPINGS + "/a?fieldValidation=Strict";

        assertThat(patch(strict, "{'spec': {'timeout_ms': 5}}").status()).isEqualTo(200);
        assertThat(patch(strict, "{'spec': {'odd': 2}}").json().path("message").asString(""))
                .contains("spec.odd");
        assertThat(patch(strict, "{'spec': {'strange': 1}}")
                        .json()
                        .path("message")
                        .asString(""))
                .contains("spec.strange")
                .doesNotContain("spec.odd");
    }

    @Test
    void strictForgivesServerSideApplyWhatOthersWrote() throws Exception {
        api.post(MAPPINGS, mapping("a", "'odd': 1"));
        String strict = MAPPINGS + "/a?fieldValidation=Strict&fieldManager=me";
        String apply = "application/apply-patch+yaml";

        Answer applied = api.patch(strict, apply, mapping("a", "'timeout_ms': 5"));
        assertThat(applied.status()).isEqualTo(200);
        assertThat(applied.json().at("/spec/odd").asInt(0)).isEqualTo(1);
        assertThat(api.patch(strict, apply, mapping("a", "'odd': 1")).status()).isEqualTo(400);
    }

    @Test
    void strictRefusesNothingOfAStatusThatIsNotTaken() throws Exception {
        String document = mapping("a", "'timeout_ms': 5").replaceFirst("}$", ", \"status\": {\"odd\": 1}}");

        Answer taken = api.post(MAPPINGS + "?fieldValidation=Strict", document);
        assertThat(taken.status()).isEqualTo(201);
        assertThat(taken.json().has("status")).isFalse();
        assertThat(api.put(MAPPINGS + "/a/status?fieldValidation=Strict", document)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void takesTheFieldsOfTheNewestKubernetes() throws Exception {
        String document = deployment("a", "'replicas': 1")
                .replace("\"image\": \"a\"", """
                        "image": "a", "lifecycle": {"stopSignal": "SIGINT"}, "restartPolicy": "Never",
                        "restartPolicyRules": [{"action": "Restart", "exitCodes": {"operator": "In", "values": [42]}}]""")
                .replace("\"containers\"", """
                        "hostnameOverride": "a", "workloadRef": {"name": "a", "podGroup": "b"}, "volumes": [{"name": "v",
                        "projected": {"sources": [{"podCertificate": {"signerName": "a/b", "keyType": "ED25519"}}]}}],
                        "containers\"""");

        assertThat(api.post(DEPLOYMENTS + "?fieldValidation=Strict", document)
                        .json()
                        .path("message")
                        .asString(""))
                .doesNotContain("unknown field");
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

    private Answer patch(String path, String document) throws Exception {
        return api.patch(path, "application/merge-patch+json", document);
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
