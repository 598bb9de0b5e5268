package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Tokens of service accounts, and roles that allow what they say and nothing else. */
class AccessTest extends ApiTest {

    private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAP =
            "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'a'}, 'data': {'a': 'b'}}";

    @Test
    void aRoleThatAllowsOnlyReadsAllowsOnlyReads() throws Exception {
        api.post(MAPS, MAP);
        String token = token("default");
        assertThat(api.as(token).get(MAPS).status()).isEqualTo(403);

        bind();

        assertThat(api.as(token).get(MAPS + "/a").status()).isEqualTo(200);
        assertThat(api.as(token).get("/apis").status()).isEqualTo(200);
        Answer refused = api.as(token).delete(MAPS + "/a");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("message").asString(""))
                .isEqualTo("configmaps \"a\" is forbidden: User \"system:serviceaccount:default:default\" cannot delete"
                        + " resource \"configmaps\" in API group \"\" in the namespace \"default\"");
        assertThat(api.as(token).get("/api/v1/namespaces/weft/configmaps").status())
                .isEqualTo(403);
        assertThat(api.as(token).get("/api/v1/namespaces/default/secrets").status())
                .isEqualTo(403);
        assertThat(api.as(token).get("/metrics").status()).isEqualTo(403);
    }

    @Test
    void nobodyGivesWhatTheyDoNotHave() throws Exception {
        RunningApi giver = giver();

        String role = """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': {'name': 'given'},
                 'rules': [{'apiGroups': [''], 'resources': ['RESOURCE'], 'verbs': ['get']}]}""";
        assertThat(giver.post(ROLES + "roles", role.replace("RESOURCE", "pods")).status())
                .isEqualTo(201);
        Answer refused =
                giver.post(ROLES + "roles", role.replace("RESOURCE", "secrets").replace("given", "more"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("message").asString(""))
                .contains("is attempting to grant RBAC permissions not currently held:")
                .contains("{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}");

        String binding = """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'RoleBinding', 'metadata': {'name': 'NAME'},
                 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'ClusterRole', 'name': 'NAME'},
                 'subjects': [{'kind': 'User', 'name': 'jo'}]}""";
        await(() -> api.get("/apis/rbac.authorization.k8s.io/v1/clusterroles/view")
                        .json()
                        .path("rules")
                        .size()
                > 0); // they are gathered from other roles
        assertThat(giver.post(ROLES + "rolebindings", binding.replace("NAME", "view"))
                        .status())
                .isEqualTo(403);

        Answer absent = giver.post(ROLES + "rolebindings", binding.replace("NAME", "not-yet"));
        assertThat(absent.status()).isEqualTo(404);
        assertThat(absent.json().path("message").asString(""))
                .isEqualTo("clusterroles.rbac.authorization.k8s.io \"not-yet\" not found");
        assertThat(api.post(ROLES + "rolebindings", binding.replace("NAME", "not-yet"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aRoleThatIsBeingDeletedGivesNoMoreThanBefore() throws Exception {
        RunningApi giver = giver();
        String role = """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role',
                 'metadata': {'name': 'leaving', 'finalizers': FINALIZERS}, 'rules': RULES}""";
        String small = "[{'apiGroups': [''], 'resources': ['secrets'], 'verbs': ['get']}]";
        String everything = "[{'apiGroups': ['*'], 'resources': ['*'], 'verbs': ['*']}]";
        api.post(
                ROLES + "roles",
                role.replace("FINALIZERS", "['example.com/held']").replace("RULES", small));
        api.delete(ROLES + "roles/leaving");

        String widened = role.replace("FINALIZERS", "['example.com/held']").replace("RULES", everything);
        assertThat(giver.put(ROLES + "roles/leaving", widened).status()).isEqualTo(403);
        assertThat(api.get(ROLES + "roles/leaving")
                        .json()
                        .at("/rules/0/verbs/0")
                        .asString(""))
                .isEqualTo("get");

        String released = role.replace("FINALIZERS", "[]").replace("RULES", small);
        assertThat(giver.put(ROLES + "roles/leaving", released).status()).isEqualTo(200);
        assertThat(api.get(ROLES + "roles/leaving").status()).isEqualTo(404);
    }

    @Test
    void hasTheUsualRolesFromTheStart() throws Exception {
        String all = "/apis/rbac.authorization.k8s.io/v1/clusterroles/";
        await(() -> api.get(all + "edit").json().path("rules").size() > 1);
        await(() -> api.get(all + "admin").json().path("rules").size() > 2);
        assertThat(api.get(all + "cluster-admin").json().at("/rules/0/verbs/0").asString(""))
                .isEqualTo("*");

        api.post("/apis/rbac.authorization.k8s.io/v1/clusterroles", """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'ClusterRole', 'metadata': {'name': 'tabs',
                   'labels': {'rbac.authorization.k8s.io/aggregate-to-view': 'true'}},
                 'rules': [{'apiGroups': ['example.com'], 'resources': ['crontabs'], 'verbs': ['get']}]}""");

        await(() -> api.get(all + "view").json().path("rules").toString().contains("crontabs"));
        await(() -> api.get(all + "admin").json().path("rules").toString().contains("crontabs"));
    }

    @Test
    void aRoleThatAllowsOnlyPatchesMakesNothingByApplying() throws Exception {
        bind("'get', 'patch'");
        String token = token("default");
        String applied = MAPS + "/a?fieldManager=test";

        Answer refused = api.as(token).patch(applied, "application/apply-patch+yaml", MAP);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("message").asString("")).contains("cannot create resource \"configmaps\"");
        assertThat(api.get(MAPS + "/a").status()).isEqualTo(404);
        api.post(MAPS, MAP);
        assertThat(api.as(token)
                        .patch(applied, "application/apply-patch+yaml", MAP)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAGroupThatIsNobodys() throws Exception {
        assertThat(api.getWith("Impersonate-Group", "readers", MAPS).status()).isEqualTo(400);
        assertThat(api.getWith("Impersonate-User", "somebody", MAPS).status()).isEqualTo(403);
    }

    @Test
    void asksOnlyKubernetesItselfWithoutARole() throws Exception {
        String question = """
                {'apiVersion': 'authorization.k8s.io/v1', 'kind': 'SubjectAccessReview', 'spec': {'user': 'somebody',
                 'resourceAttributes': {'verb': 'create', 'group': 'GROUP', 'resource': 'selfsubjectreviews'}}}
                """;
        String path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

        Answer own = api.post(path, question.replace("GROUP", "authentication.k8s.io"));
        Answer another = api.post(path, question.replace("GROUP", "example.com"));

        assertThat(own.json().at("/status/allowed").asBoolean(false)).isTrue();
        assertThat(another.json().at("/status/allowed").asBoolean(true)).isFalse();
    }

    @Test
    void aTokenEndsWithItsAccount() throws Exception {
        api.post(
                "/api/v1/namespaces/default/serviceaccounts",
                "{'apiVersion': 'v1', 'kind': 'ServiceAccount', 'metadata': {'name': 'till'}}");
        String token = token("till");
        assertThat(api.as(token).get("/apis").status()).isEqualTo(200);

        api.delete("/api/v1/namespaces/default/serviceaccounts/till");

        assertThat(api.as(token).get("/apis").status()).isEqualTo(401);
        assertThat(api.as(token.substring(0, token.length() - 3) + "abc")
                        .get("/apis")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void tellsWhoOneIsAndWhatOneMay() throws Exception {
        bind();
        String token = token("default");
        String question = "{'apiVersion': 'authorization.k8s.io/v1', 'kind': 'SelfSubjectAccessReview', 'spec':"
                + " {'resourceAttributes': {'namespace': 'default', 'verb': 'VERB', 'resource': 'configmaps'}}}";
        String path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

        assertThat(api.as(token)
                        .post(path, question.replace("VERB", "list"))
                        .json()
                        .at("/status/allowed")
                        .asBoolean(false))
                .isTrue();
        assertThat(api.as(token)
                        .post(path, question.replace("VERB", "delete"))
                        .json()
                        .at("/status/allowed")
                        .asBoolean(true))
                .isFalse();
        assertThat(api.post("/apis/authentication.k8s.io/v1/tokenreviews", """
                        {'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenReview', 'spec': {'token': '%s'}}
                        """.formatted(token))
                        .json()
                        .at("/status/user/username")
                        .asString(""))
                .isEqualTo("system:serviceaccount:default:default");
    }

    /** Somebody who may write roles and bindings, and read pods. */
    private RunningApi giver() throws Exception {
        api.post(ROLES + "roles", """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': {'name': 'giver'},
                 'rules': [{'apiGroups': ['rbac.authorization.k8s.io'], 'resources': ['roles', 'rolebindings'],
                   'verbs': ['create', 'update']}, {'apiGroups': [''], 'resources': ['pods'], 'verbs': ['get']}]}""");
        api.post(ROLES + "rolebindings", """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'RoleBinding', 'metadata': {'name': 'giver'},
                 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name': 'giver'},
                 'subjects': [{'kind': 'ServiceAccount', 'name': 'default', 'namespace': 'default'}]}""");
        return api.as(token("default"));
    }

    private void bind() throws Exception {
        bind("'get', 'list', 'watch'");
    }

    private void bind(String verbs) throws Exception {
        api.post(ROLES + "roles", """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'Role', 'metadata': {'name': 'reader'},
                 'rules': [{'apiGroups': [''], 'resources': ['configmaps'], 'verbs': [%s]}]}
                """.formatted(verbs));
        Answer bound = api.post(ROLES + "rolebindings", """
                {'apiVersion': 'rbac.authorization.k8s.io/v1', 'kind': 'RoleBinding', 'metadata': {'name': 'system:readers'},
                 'roleRef': {'apiGroup': 'rbac.authorization.k8s.io', 'kind': 'Role', 'name': 'reader'},
                 'subjects': [{'kind': 'ServiceAccount', 'name': 'default', 'namespace': 'default'}]}
                """);
        assertThat(bound.status()).isEqualTo(201);
    }

    private String token(String account) throws Exception {
        Answer issued = api.post(
                "/api/v1/namespaces/default/serviceaccounts/" + account + "/token",
                "{'apiVersion': 'authentication.k8s.io/v1', 'kind': 'TokenRequest', 'spec': {}}");
        assertThat(issued.status()).isEqualTo(201);
        return issued.json().at("/status/token").asString("");
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition) throws Exception {
        Instant end = Instant.now().plus(Duration.ofSeconds(60));
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
