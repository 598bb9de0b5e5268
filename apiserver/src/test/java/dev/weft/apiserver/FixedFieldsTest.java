package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** What never changes once it is there. */
class FixedFieldsTest extends ApiTest {

    private static final String MERGE = "application/merge-patch+json";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    private static final String JOBS = "/apis/batch/v1/namespaces/default/jobs";
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String BINDINGS = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings";

    @Test
    void aDeploymentsSelectorStays() throws Exception {
        api.post(DEPLOYMENTS, """
                {'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'a'}, 'spec': {
                 'selector': {'matchLabels': {'app': 'a'}}, 'template': {'metadata': {'labels': {'app': 'a', 'b': 'c'}},
                  'spec': {'containers': [{'name': 'a', 'image': 'a'}]}}}}""");

        Answer refused =
                api.patch(DEPLOYMENTS + "/a", MERGE, "{'spec': {'selector': {'matchLabels': {'app': 'a', 'b': 'c'}}}}");

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString())
                .startsWith("Deployment.apps \"a\" is invalid: spec.selector: the field is immutable.");
        assertThat(api.patch(DEPLOYMENTS + "/a", MERGE, "{'spec': {'replicas': 0}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aJobsPodsStayAndItsParallelismDoesNot() throws Exception {
        Answer made = api.post(JOBS, """
                {'apiVersion': 'batch/v1', 'kind': 'Job', 'metadata': {'name': 'a'}, 'spec': {'template': {
                 'spec': {'restartPolicy': 'Never', 'containers': [{'name': 'a', 'image': 'a'}]}}}}""");
        assertThat(made.status()).isEqualTo(201);

        Answer template = api.patch(
                JOBS + "/a",
                MERGE,
                "{'spec': {'completions': 4, 'template': {'spec': {'containers': [{'name': 'a', 'image': 'b'}]}}}}");
        Answer parallelism = api.patch(JOBS + "/a", MERGE, "{'spec': {'parallelism': 3}}");

        assertThat(template.status()).isEqualTo(422);
        assertThat(template.json().path("message").asString())
                .contains("spec.template.spec: the field is immutable", "spec.completions: the field is immutable");
        assertThat(parallelism.status()).isEqualTo(200);
    }

    @Test
    void anImmutableSecretsContentStays() throws Exception {
        api.post(SECRETS, """
                {'apiVersion': 'v1', 'kind': 'Secret', 'metadata': {'name': 'a'}, 'immutable': true,
                 'stringData': {'a': 'b'}}""");

        assertThat(api.patch(SECRETS + "/a", MERGE, "{'stringData': {'a': 'c'}}")
                        .status())
                .isEqualTo(422);
        assertThat(api.patch(SECRETS + "/a", MERGE, "{'immutable': false}").status())
                .isEqualTo(422);
        assertThat(api.patch(SECRETS + "/a", MERGE, "{'metadata': {'labels': {'a': 'b'}}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aBindingsRoleStays() throws Exception {
        api.post(BINDINGS, """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'RoleBinding', 'metadata': {'name': 'a'},
                 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'ClusterRole', 'name': 'view'},
                 'subjects': []}""");

        assertThat(api.patch(BINDINGS + "/a", MERGE, "{'roleRef': {'name': 'edit'}}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void ownersInACircleAreRefusedWithTheWayRound() throws Exception {
        String maps = "/api/v1/namespaces/default/configmaps";
        String a = uid(api.post(maps, map("a", "")));
        String b = uid(api.post(maps, map("b", owner("a", a))));
        String c = uid(api.post(maps, map("c", owner("b", b))));

        Answer refused = api.put(maps + "/a", map("a", owner("c", c)));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString())
                .contains("metadata.ownerReferences[0]", "ConfigMap a, owned by ConfigMap c, owned by ConfigMap b");
        assertThat(api.put(maps + "/a", map("a", owner("c", "another"))).status())
                .isEqualTo(200);
    }

    @Test
    void aCircleFromBeforeKeepsNobodyFromChangingSomethingElse() throws Exception {
        String maps = "/api/v1/namespaces/default/configmaps";
        String a = uid(api.post(maps, map("a", "")));
        String b = uid(api.post(maps, map("b", owner("a", a))));
        ObjectNode json = api.store
                .get(Kinds.CONFIG_MAP.key("default", "a"))
                .orElseThrow()
                .edit();
        json.withObject("/metadata")
                .putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put("name", "b")
                .put("uid", b);
        api.store.update(new Resource(Kinds.CONFIG_MAP, json)); // as it could be written once

        assertThat(api.patch(maps + "/a", MERGE, "{'data': {'c': 'd'}}").status())
                .isEqualTo(200);
    }

    private static String uid(Answer answer) {
        return answer.json().at("/metadata/uid").asString("");
    }

    private static String owner(String name, String uid) {
        return ", 'ownerReferences': [{'apiVersion': 'v1', 'kind': 'ConfigMap', 'name': '%s', 'uid': '%s'}]"
                .formatted(name, uid);
    }

    private static String map(String name, String more) {
        return "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': '%s'%s}}".formatted(name, more);
    }
}
