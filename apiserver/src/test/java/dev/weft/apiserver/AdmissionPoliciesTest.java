package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import org.junit.jupiter.api.Test;

/** ValidatingAdmissionPolicies, over real HTTP. */
class AdmissionPoliciesTest extends ApiTest {

    private static final String API = "/apis/admissionregistration.k8s.io/v1/";
    private static final String POLICIES = API + "validatingadmissionpolicies";
    private static final String BINDINGS = API + "validatingadmissionpolicybindings";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @Test
    void deniesWhatAPolicyForbids() throws Exception {
        policy("'validations': [{'expression': 'object.data.size() <= 1'}]");
        bind("'validationActions': ['Deny']");

        Answer denied = map("big", "'a': '1', 'b': '2'");

        assertThat(denied.status()).isEqualTo(422);
        assertThat(denied.json().path("reason").asString("")).isEqualTo("Invalid");
        assertThat(denied.json().path("message").asString(""))
                .isEqualTo(
                        "configmaps \"big\" is forbidden: ValidatingAdmissionPolicy 'small' with binding 'small-here'"
                                + " denied request: failed expression: object.data.size() <= 1");
        assertThat(map("little", "'a': '1'").status()).isEqualTo(201);
        assertThat(api.patch(MAPS + "/little", "application/merge-patch+json", "{'data': {'b': '2'}}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void warnsWhenABindingSaysSo() throws Exception {
        policy("'validations': [{'expression': 'object.data.size() <= variables.most', 'messageExpression':"
                + " '\\u0027at most \\u0027 + string(variables.most)'}],"
                + " 'variables': [{'name': 'most', 'expression': '1 + 0'}]");
        bind("'validationActions': ['Warn', 'Audit']");

        Answer created = map("big", "'a': '1', 'b': '2'");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.response().headers().firstValue("Warning"))
                .contains("299 - \"Validation failed for ValidatingAdmissionPolicy 'small' with binding 'small-here':"
                        + " at most 1\"");
    }

    @Test
    void readsItsParametersAndConditions() throws Exception {
        assertThat(map("limits", "'most': '1'").status()).isEqualTo(201);
        policy("'paramKind': {'apiVersion': 'v1', 'kind': 'ConfigMap'},"
                + " 'matchConditions': [{'name': 'named', 'expression': 'request.name.startsWith(\\\"big\\\")'}],"
                + " 'validations': [{'expression': 'object.data.size() <= int(params.data.most)', 'message': 'too big',"
                + " 'reason': 'Forbidden'}]");
        bind("'validationActions': ['Deny'], 'paramRef': {'name': 'limits', 'parameterNotFoundAction': 'Deny'}");

        assertThat(map("other", "'a': '1', 'b': '2'").status()).isEqualTo(201);
        Answer denied = map("big", "'a': '1', 'b': '2'");
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.json().path("message").asString("")).endsWith("denied request: too big");
        api.delete(MAPS + "/limits");
        assertThat(map("big", "'a': '1'").json().path("message").asString("")).contains("no params found");
    }

    @Test
    void letsPassOrNotWhatCannotBeWorkedOut() throws Exception {
        policy("'failurePolicy': 'Ignore', 'validations': [{'expression': 'object.data.missing == \\\"x\\\"'}]");
        bind("'validationActions': ['Deny']");

        assertThat(map("a", "'a': '1'").status()).isEqualTo(201);
        api.patch(POLICIES + "/small", "application/merge-patch+json", "{'spec': {'failurePolicy': 'Fail'}}");
        assertThat(map("b", "'a': '1'").json().path("message").asString(""))
                .contains("expression 'object.data.missing == \"x\"' resulted in error")
                .contains("missing");
    }

    @Test
    void meansWhatItsBindingSelects() throws Exception {
        policy("'validations': [{'expression': 'false'}]");
        bind("'validationActions': ['Deny'], 'matchResources': {'objectSelector': {'matchLabels': {'strict': 'yes'}}}");

        assertThat(map("a", "'a': '1'").status()).isEqualTo(201);
        assertThat(api.patch(MAPS + "/a", "application/merge-patch+json", "{'metadata': {'labels': {'strict': 'yes'}}}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void refusesAPolicyWithAnExpressionThatCannotBe() throws Exception {
        Answer refused = api.post(POLICIES, document("ValidatingAdmissionPolicy", "small", """
                'matchConstraints': {'resourceRules': [{'apiGroups': ['*'], 'apiVersions': ['*'],
                  'operations': ['*'], 'resources': ['*']}]},
                'validations': [{'expression': 'object.'}, {'expression': 'nothing'}]
                """));

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("message").asString(""))
                .contains("spec.validations[0].expression: Invalid value")
                .contains("spec.validations[1].expression: Invalid value: \"nothing\": compilation failed");
    }

    private void policy(String spec) throws Exception {
        Answer made = api.post(POLICIES, document("ValidatingAdmissionPolicy", "small", """
                'matchConstraints': {'resourceRules': [{'apiGroups': [''], 'apiVersions': ['v1'],
                  'operations': ['CREATE', 'UPDATE'], 'resources': ['configmaps']}]},
                """ + spec));
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
    }

    private void bind(String spec) throws Exception {
        Answer made = api.post(
                BINDINGS, document("ValidatingAdmissionPolicyBinding", "small-here", "'policyName': 'small', " + spec));
        assertThat(made.status()).as(made.json().toString()).isEqualTo(201);
    }

    private Answer map(String name, String entries) throws Exception {
        return api.post(
                MAPS,
                "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': '" + name + "'}, 'data': {" + entries
                        + "}}");
    }

    private static String document(String kind, String name, String spec) {
        return "{'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': '" + kind + "', 'metadata': {'name': '" + name
                + "'}, 'spec': {" + spec + "}}";
    }
}
