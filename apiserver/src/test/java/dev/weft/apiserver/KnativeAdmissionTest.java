package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the API does to Knative's objects on their way in (Knative Serving API, its admission webhooks). */
class KnativeAdmissionTest extends ApiTest {

    private static final String GROUP = "/apis/serving.knative.dev/v1/namespaces/default/";
    private static final String MERGE = "application/merge-patch+json";

    @Test
    void fillsInDefaultsAndWhoMadeIt() throws Exception {
        RunningApi.Answer made = post(GROUP + "services", service("", "hello:1"));

        assertThat(made.status()).isEqualTo(201);
        JsonNode spec = made.json().at("/spec/template/spec");
        assertThat(spec.path("timeoutSeconds").asInt()).isEqualTo(300);
        assertThat(spec.path("containerConcurrency").asInt(-1)).isZero();
        assertThat(spec.at("/containers/0/name").asString()).isEqualTo("user-container");
        assertThat(spec.at("/containers/0/readinessProbe").toString())
                .isEqualTo("{\"tcpSocket\":{\"port\":0},\"successThreshold\":1}");
        assertThat(made.json().at("/spec/traffic").toString()).isEqualTo("[{\"latestRevision\":true,\"percent\":100}]");
        JsonNode annotations = made.json().at("/metadata/annotations");
        assertThat(annotations.path("serving.knative.dev/creator").asString()).isEqualTo("weft");
        assertThat(annotations.path("serving.knative.dev/lastModifier").asString())
                .isEqualTo("weft");
    }

    @Test
    void nobodySignsForAnother() throws Exception {
        post(GROUP + "services", service("", "hello:1"));

        RunningApi.Answer changed = patch("{metadata: {annotations: {'serving.knative.dev/creator': 'mallory'}}}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json()
                        .at("/metadata/annotations")
                        .path("serving.knative.dev/creator")
                        .asString())
                .isEqualTo("weft");
        assertThat(changed.json().at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    void templateWithANameChangesOnlyWithTheName() throws Exception {
        post(GROUP + "services", service("hello-a", "hello:1"));
        String image = "{spec: {template: {metadata: {name: '%s'}, spec: {containers: [{image: 'hello:2'}]}}}}";

        RunningApi.Answer same = patch(image.formatted("hello-a"));
        assertThat(same.status()).isEqualTo(422);
        assertThat(same.json().path("message").asString())
                .contains("spec.template.metadata.name")
                .contains("changes without a name change");
        assertThat(patch(image.formatted("hello-b")).status()).isEqualTo(200);
        assertThat(patch("{metadata: {labels: {app: shop}}}").status()).isEqualTo(200);
    }

    @Test
    void revisionsAreMadeByConfigurationsAlone() throws Exception {
        RunningApi.Answer refused = post(GROUP + "revisions", """
                {apiVersion: serving.knative.dev/v1, kind: Revision, metadata: {name: a},
                 spec: {containers: [{image: hello}]}}""");

        assertThat(refused.status()).isEqualTo(405);
        assertThat(api.get(GROUP + "revisions").status()).isEqualTo(200);
    }

    @Test
    void domainMappingsAreServed() throws Exception {
        String path = "/apis/serving.knative.dev/v1beta1/namespaces/default/domainmappings";

        RunningApi.Answer made = post(path, """
                {apiVersion: serving.knative.dev/v1beta1, kind: DomainMapping, metadata: {name: www.shop.example},
                 spec: {ref: {apiVersion: serving.knative.dev/v1, kind: Service, name: hello}}}""");

        assertThat(made.status()).isEqualTo(201);
        assertThat(post(path, """
                {apiVersion: serving.knative.dev/v1beta1, kind: DomainMapping, metadata: {name: a.svc.cluster.local},
                 spec: {ref: {apiVersion: serving.knative.dev/v1, kind: Service, name: hello}}}""").json().path("message").asString()).contains("is inside cluster.local");
    }

    private RunningApi.Answer post(String path, String document) throws Exception {
        return api.post(path, json(document));
    }

    private RunningApi.Answer patch(String document) throws Exception {
        return api.patch(GROUP + "services/hello", MERGE, json(document));
    }

    /** Quotes the words that need no quotes in YAML. */
    private static String json(String document) {
        return document.replaceAll("(?<=[\\s{\\[:,])([A-Za-z][\\w./-]*)(?=\\s*[:,}\\]])", "'$1'");
    }

    private static String service(String revision, String image) {
        String name = revision.isEmpty() ? "" : "metadata: {name: " + revision + "}, ";
        return "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: hello}, spec: {template: {" + name
                + "spec: {containers: [{image: '" + image + "'}]}}}}";
    }
}
