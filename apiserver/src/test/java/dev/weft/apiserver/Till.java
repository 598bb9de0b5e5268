package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

/** A kind that tests define, with a status and a scale. */
final class Till {

    static final String COLLECTION = "/apis/example.com/v1/namespaces/default/tills";

    private Till() {}

    /** Defines it and waits until it is served. */
    static void define(RunningApi api) throws Exception {
        api.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
                 'metadata': {'name': 'tills.example.com'},
                 'spec': {'group': 'example.com', 'scope': 'Namespaced', 'names': {'plural': 'tills', 'kind': 'Till'},
                  'versions': [{'name': 'v1', 'served': true, 'storage': true, 'subresources': {'status': {},
                    'scale': {'specReplicasPath': '.spec.replicas', 'statusReplicasPath': '.status.replicas'}},
                   'schema': {'openAPIV3Schema': {'type': 'object', 'properties': {'spec': {'type': 'object',
                    'properties': {'replicas': {'type': 'integer'}}}}}}}]}}""");
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (api.get(COLLECTION).status() != 200) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
