package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;

/** The ServiceAccount {@code default}, which may do what it was granted last and nothing else. */
final class Grantee {

    /** A rule for all that is served. */
    static final String READS = "{'apiGroups': ['*'], 'resources': ['*'], 'verbs': ['get', 'list', 'watch']}";

    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/";

    private final RunningApi api;

    Grantee(RunningApi api) {
        this.api = api;
    }

    /** The API asked with its token. */
    RunningApi asks() throws Exception {
        Answer issued = api.post(
                "/api/v1/namespaces/default/serviceaccounts/default/token",
                "{'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': {}}");
        return api.as(issued.json().at("/status/token").asString(""));
    }

    /** Allows it what these rules say, one or several after commas, and nothing else. */
    void grant(String rules) throws Exception {
        lose();
        api.delete(RBAC + "clusterroles/granted");
        assertThat(api.post(RBAC + "clusterroles", """
                        {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'ClusterRole',
                         'metadata': {'name': 'granted'}, 'rules': [%s]}""".formatted(rules)).status())
                .isEqualTo(201);
        assertThat(api.post(RBAC + "clusterrolebindings", """
                        {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'ClusterRoleBinding',
                         'metadata': {'name': 'granted'}, 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io',
                           'kind': 'ClusterRole', 'name': 'granted'},
                         'subjects': [{'kind': 'ServiceAccount', 'name': 'default', 'namespace': 'default'}]}""").status()).isEqualTo(201);
    }

    /** Takes back what was granted. */
    void lose() throws Exception {
        api.delete(RBAC + "clusterrolebindings/granted");
    }
}
