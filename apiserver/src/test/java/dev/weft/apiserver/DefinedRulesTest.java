package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Rules in CustomResourceDefinitions, over real HTTP. */
class DefinedRulesTest extends ApiTest {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String POOLS = "/apis/example.com/v1/namespaces/default/pools";
    private static final String POOL = """
            {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
             'metadata': {'name': 'pools.example.com'},
             'spec': {'group': 'example.com', 'scope': 'Namespaced', 'names': {'plural': 'pools', 'kind': 'Pool'},
              'versions': [{'name': 'v1', 'served': true, 'storage': true, 'schema': {'openAPIV3Schema': {
                'type': 'object',
                'x-kubernetes-validations': [{'rule': 'self.metadata.name.startsWith(self.spec.prefix)'}],
                'properties': {'spec': {'type': 'object',
                  'x-kubernetes-validations': [{'rule': 'RULE', 'message': 'at most as many as there may be'}],
                  'properties': {'size': {'type': 'integer'}, 'most': {'type': 'integer', 'default': 5},
                    'prefix': {'type': 'string', 'default': 'p', 'x-kubernetes-validations': [
                      {'rule': 'self == oldSelf', 'message': 'cannot change'}]}}}}}}}]}}
            """;

    @Test
    void refusesADocumentThatARuleForbids() throws Exception {
        assertThat(api.post(DEFINITIONS, POOL.replace("RULE", "self.size <= self.most"))
                        .status())
                .isEqualTo(201);
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (api.get(POOLS).status() != 200 && Instant.now().isBefore(end)) {
            Thread.onSpinWait();
        }

        Answer refused = api.post(POOLS, pool("q", "'size': 9"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString(""))
                .isEqualTo("Pool.example.com \"q\" is invalid: [Invalid value: \"object\": failed rule:"
                        + " self.metadata.name.startsWith(self.spec.prefix), spec: Invalid value: \"object\": at most"
                        + " as many as there may be]");
        assertThat(api.post(POOLS, pool("p", "'size': 5")).status()).isEqualTo(201);
        Answer changed = api.patch(POOLS + "/p", "application/merge-patch+json", "{'spec': {'prefix': ''}}");
        assertThat(changed.json().path("message").asString(""))
                .isEqualTo("Pool.example.com \"p\" is invalid: spec.prefix: Invalid value: \"string\": cannot change");
    }

    @Test
    void refusesADefinitionWithARuleThatCannotBe() throws Exception {
        Answer refused = api.post(DEFINITIONS, POOL.replace("RULE", "self.sise <= self.most"));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString(""))
                .contains("spec.versions[0].schema.openAPIV3Schema.properties[spec].x-kubernetes-validations[0].rule")
                .contains("undefined field 'sise'");
    }

    private static String pool(String name, String spec) {
        return "{'apiVersion': 'example.com/v1', 'kind': 'Pool', 'metadata': {'name': '" + name + "'}, 'spec': {" + spec
                + "}}";
    }
}
