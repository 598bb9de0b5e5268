package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kinds that users bring, over real HTTP. */
class DefinitionsTest extends ApiTest {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String TABS = "/apis/example.com/v1/namespaces/default/crontabs";
    private static final String CRON_TAB = """
            {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
             'metadata': {'name': 'crontabs.example.com'},
             'spec': {'group': 'example.com', 'scope': 'Namespaced',
              'names': {'plural': 'crontabs', 'singular': 'crontab', 'kind': 'CronTab', 'shortNames': ['ct']},
              'versions': [
               {'name': 'v1', 'served': true, 'storage': true,
                'subresources': {'status': {}, 'scale': {'specReplicasPath': '.spec.replicas',
                  'statusReplicasPath': '.status.replicas', 'labelSelectorPath': '.status.selector'}},
                'additionalPrinterColumns': [
                  {'name': 'Spec', 'type': 'string', 'jsonPath': '.spec.cron'},
                  {'name': 'Ready', 'type': 'string', 'jsonPath': '.status.conditions[?(@.type==\\"Ready\\")].status'},
                  {'name': 'Replicas', 'type': 'integer', 'jsonPath': '.spec.replicas', 'priority': 1}],
                'schema': {'openAPIV3Schema': {'type': 'object', 'required': ['spec'], 'properties': {
                  'spec': {'type': 'object', 'required': ['cron'], 'properties': {
                    'cron': {'type': 'string', 'pattern': '^(\\\\*|[0-9])'},
                    'replicas': {'type': 'integer', 'minimum': 0, 'maximum': 10, 'default': 1},
                    'mode': {'type': 'string', 'enum': ['Fast', 'Slow']},
                    'free': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': true},
                    'steps': {'type': 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'],
                      'items': {'type': 'object', 'required': ['name'], 'properties': {
                        'name': {'type': 'string'}, 'port': {'x-kubernetes-int-or-string': true}}}}}},
                  'status': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': true}}}}},
               {'name': 'v1beta1', 'served': true, 'storage': false, 'deprecated': true,
                'schema': {'openAPIV3Schema': {'type': 'object', 'x-kubernetes-preserve-unknown-fields': true}}}]}}
            """;

    @Test
    void servesWhatIsDefined() throws Exception {
        define();

        Answer created = tab("a", "'cron': '* *', 'mode': 'Fast', 'free': {'any': [1]}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.json().at("/spec/replicas").asInt(0)).isEqualTo(1);
        assertThat(created.json().at("/spec/free/any/0").asInt(0)).isEqualTo(1);
        assertThat(api.get("/apis/example.com").json().findValuesAsString("version"))
                .containsExactly("v1", "v1beta1", "v1");
        assertThat(api.get("/apis/example.com/v1").json().findValuesAsString("name"))
                .containsExactly("crontabs", "crontabs/scale", "crontabs/status");
        assertThat(api.get("/openapi/v3/apis/example.com/v1")
                        .json()
                        .at("/components/schemas/com.example.v1.CronTab/properties/spec/properties/mode/enum/0")
                        .asString(""))
                .isEqualTo("Fast");
        assertThat(api.getAs("application/json;as=Table;v=v1;g=meta.k8s.io", TABS)
                        .json()
                        .at("/columnDefinitions")
                        .findValuesAsString("name"))
                .containsExactly("Name", "Spec", "Ready", "Replicas");
    }

    @Test
    void refusesWhatTheSchemaDoesNotAllow() throws Exception {
        define();

        Answer refused = tab("a", "'cron': 'x', 'replicas': 'many', 'mode': 'Other', 'steps': [{'port': true}]");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString(""))
                .startsWith("CronTab.example.com \"a\" is invalid: [")
                .contains("spec.cron: Invalid value: \"x\": spec.cron in body should match '^(\\*|[0-9])'")
                .contains("spec.replicas: Invalid value: \"string\": spec.replicas in body must be of type integer")
                .contains("spec.mode: Unsupported value: \"Other\": supported values: \"Fast\", \"Slow\"")
                .contains("spec.steps[0].name: Required value");
    }

    @Test
    void prunesWhatTheSchemaDoesNotKnow() throws Exception {
        define();

        Answer warned = tab("a", "'cron': '*', 'corn': '*'");
        Answer strict = api.post(TABS + "?fieldValidation=Strict", document("b", "'cron': '*', 'corn': '*'"));

        assertThat(warned.json().at("/spec/corn").isMissingNode()).isTrue();
        assertThat(warned.response().headers().firstValue("Warning"))
                .contains("299 - \"unknown field \\\"spec.corn\\\"\"");
        assertThat(strict.status()).isEqualTo(400);
        assertThat(strict.json().path("message").asString(""))
                .isEqualTo("strict decoding error: unknown field \"spec.corn\"");
    }

    @Test
    void servesEveryVersionOfADocument() throws Exception {
        define();
        tab("a", "'cron': '*'");

        Answer old = api.get("/apis/example.com/v1beta1/namespaces/default/crontabs/a");

        assertThat(old.json().path("apiVersion").asString("")).isEqualTo("example.com/v1beta1");
        assertThat(old.json().at("/spec/cron").asString("")).isEqualTo("*");
        assertThat(old.response().headers().firstValue("Warning"))
                .contains("299 - \"example.com/v1beta1 CronTab is deprecated\"");
    }

    @Test
    void keepsItsDocumentsWhenAnotherVersionIsStored() throws Exception {
        define();
        tab("a", "'cron': '*'");
        String other = CRON_TAB.replace("'storage': true", "'storage': no")
                .replace("'storage': false", "'storage': true")
                .replace("'storage': no", "'storage': false");

        assertThat(api.put(DEFINITIONS + "/crontabs.example.com", other).status())
                .isEqualTo(200);
        await(() -> api.get(DEFINITIONS + "/crontabs.example.com")
                        .json()
                        .at("/status/storedVersions")
                        .size()
                == 2);

        assertThat(api.get(TABS + "/a").json().path("apiVersion").asString("")).isEqualTo("example.com/v1");
        api.close();
        api = new RunningApi(data);
        assertThat(api.get(TABS + "/a").json().at("/spec/cron").asString("")).isEqualTo("*");
    }

    @Test
    void scalesByTheDefinedPaths() throws Exception {
        define();
        tab("a", "'cron': '*'");

        Answer scaled = api.patch(TABS + "/a/scale", "application/merge-patch+json", "{'spec': {'replicas': 4}}");

        assertThat(scaled.json().at("/spec/replicas").asInt(0)).isEqualTo(4);
        assertThat(api.get(TABS + "/a").json().at("/spec/replicas").asInt(0)).isEqualTo(4);
    }

    @Test
    void writesTheStatusByItsOwnPath() throws Exception {
        define();
        tab("a", "'cron': '*'");

        api.patch(TABS + "/a", "application/merge-patch+json", "{'status': {'x': 1}}");
        assertThat(api.get(TABS + "/a").json().has("status")).isFalse();
        api.patch(TABS + "/a/status", "application/merge-patch+json", "{'spec': {'cron': '1'}, 'status': {'x': 1}}");

        assertThat(api.get(TABS + "/a").json().at("/status/x").asInt(0)).isEqualTo(1);
        assertThat(api.get(TABS + "/a").json().at("/spec/cron").asString("")).isEqualTo("*");
    }

    @Test
    void writesTheStatusWithTheRestWhereItHasNoPathOfItsOwn() throws Exception {
        define(CRON_TAB.replace("'subresources': {'status': {}, ", "'subresources': {"));
        tab("a", "'cron': '*'");

        Answer patched = api.patch(TABS + "/a", "application/merge-patch+json", "{'status': {'x': 1}}");

        assertThat(patched.json().at("/status/x").asInt(0)).isEqualTo(1);
        assertThat(api.get(TABS + "/a").json().at("/status/x").asInt(0)).isEqualTo(1);
    }

    @Test
    void removesTheResourcesOfADeletedDefinition() throws Exception {
        define();
        tab("a", "'cron': '*'");

        api.delete(DEFINITIONS + "/crontabs.example.com");

        await(() -> api.get(DEFINITIONS + "/crontabs.example.com").status() == 404);
        await(() -> api.get(TABS).status() == 404); // what is served follows what is stored
        assertThat(api.get("/apis/example.com").status()).isEqualTo(404);
        define();
        assertThat(api.get(TABS).json().path("items")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            'maximum': 10                        | 'multipleOf': 0                | multipleOf: 0 is not more than 0
            'maximum': 10                        | 'maximum': 1e400               | maximum: is too large
            'enum': ['Fast', 'Slow']             | 'anyOf': [{'pattern': '['}]    | anyOf[0].pattern: "["
            'enum': ['Fast', 'Slow']             | 'not': {'allOf': [{'pattern': '['}]} | not.allOf[0].pattern: "["
            'specReplicasPath': '.spec.replicas' | 'specReplicasPath': 'replicas' | specReplicasPath: "replicas" is no path
            """)
    void refusesADefinitionThatNoDocumentCanBeHeldAgainst(String part, String wrong, String fault) throws Exception {
        Answer refused = api.post(DEFINITIONS, CRON_TAB.replace(part, wrong));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString("")).contains(fault);
    }

    @Test
    void refusesANumberThatIsTooLarge() throws Exception {
        define();

        Answer refused = tab("a", "'cron': '*', 'replicas': 1e400");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString("")).contains("spec.replicas");
    }

    @Test
    void leavesAKindToTheDefinitionThatHadItFirst() throws Exception {
        define();
        tab("a", "'cron': '*'");
        String second = DEFINITIONS + "/alltabs.example.com";

        api.post(DEFINITIONS, CRON_TAB.replace("crontabs", "alltabs"));
        await(() -> namesAccepted(second).equals("False"));

        assertThat(api.get("/apis/example.com/v1/alltabs").status()).isEqualTo(404);
        assertThat(api.get(TABS + "/a").status()).isEqualTo(200);
        api.close();
        api = new RunningApi(data); // where alltabs is read before crontabs
        assertThat(api.get(TABS + "/a").status()).isEqualTo(200);
        api.delete(second);
        await(() -> api.get(second).status() == 404);
        assertThat(api.get(TABS + "/a").status()).isEqualTo(200);
    }

    @Test
    void givesAShortNameToTheNextWhenItIsFree() throws Exception {
        define();
        String second = DEFINITIONS + "/charts.example.com";

        api.post(
                DEFINITIONS,
                CRON_TAB.replace("crontabs", "charts")
                        .replace("crontab", "chart")
                        .replace("CronTab", "Chart"));
        await(() -> namesAccepted(second).equals("False"));
        api.delete(DEFINITIONS + "/crontabs.example.com");

        await(() -> namesAccepted(second).equals("True"));
        assertThat(api.get("/apis/example.com/v1/charts").status()).isEqualTo(200);
    }

    @Test
    void refusesASchemaThatIsNotStructural() throws Exception {
        Answer refused = api.post(
                DEFINITIONS,
                CRON_TAB.replace("'cron': {'type': 'string',", "'cron': {").replace("crontabs.example.com", "tabs"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString(""))
                .contains("metadata.name: \"tabs\" is not <plural>.<group>. Write crontabs.example.com.")
                .contains("spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[cron].type: is missing");
    }

    @Test
    void takesAnOriginalDefinitionOverOneOfOurs() throws Exception {
        String name = "trafficsplits.split.smi-spec.io";
        await(() -> api.get(DEFINITIONS + "/" + name).status() == 200);
        String narrower = CRON_TAB.replace("crontabs.example.com", name)
                .replace("example.com", "split.smi-spec.io")
                .replace("crontabs", "trafficsplits")
                .replace("crontab", "trafficsplit")
                .replace("CronTab", "TrafficSplit");

        assertThat(api.put(DEFINITIONS + "/" + name, narrower).status()).isEqualTo(200);
        Answer split = api.post("/apis/split.smi-spec.io/v1alpha4/namespaces/default/trafficsplits", """
                {'apiVersion': 'split.smi-spec.io/v1alpha4', 'kind': 'TrafficSplit', 'metadata': {'name': 'a'},
                 'spec': {'service': 'a', 'backends': [{'service': 'b', 'weight': 1}]}}
                """);

        assertThat(split.status()).isEqualTo(201);
        assertThat(split.json().at("/spec/backends/0/weight").asInt(0)).isEqualTo(1);
        api.delete(DEFINITIONS + "/" + name);
        await(() -> api.get(DEFINITIONS + "/" + name)
                .json()
                .at("/spec/versions/0/name")
                .asString("")
                .equals("v1alpha4"));
        assertThat(api.get("/apis/split.smi-spec.io/v1alpha4/namespaces/default/trafficsplits/a")
                        .status())
                .isEqualTo(200);
    }

    private void define() throws Exception {
        define(CRON_TAB);
    }

    private void define(String definition) throws Exception {
        Answer defined = api.post(DEFINITIONS, definition);
        assertThat(defined.status()).as(defined.json().toString()).isEqualTo(201);
        await(() -> api.get(DEFINITIONS + "/crontabs.example.com")
                .json()
                .at("/status/conditions/1/status")
                .asString("")
                .equals("True"));
    }

    private String namesAccepted(String definition) throws Exception {
        return api.get(definition).json().at("/status/conditions/0/status").asString("");
    }

    private Answer tab(String name, String spec) throws Exception {
        return api.post(TABS, document(name, spec));
    }

    private static String document(String name, String spec) {
        return "{'apiVersion': 'example.com/v1', 'kind': 'CronTab', 'metadata': {'name': '" + name + "'}, 'spec': {"
                + spec + "}}";
    }

    private interface Look {
        boolean holds() throws Exception;
    }

    private static void await(Look look) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!look.holds()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
