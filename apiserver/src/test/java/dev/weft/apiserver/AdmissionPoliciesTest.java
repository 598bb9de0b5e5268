package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
    void asksWhatItsWriterMay() throws Exception {
        policy("'validations': [{'expression': 'authorizer.group(\\u0027\\u0027).resource(\\u0027secrets\\u0027)"
                + ".namespace(\\u0027default\\u0027).check(\\u0027get\\u0027).allowed()', 'message': 'reads no secrets'},"
                + " {'expression': 'authorizer.requestResource.check(\\u0027create\\u0027).allowed()', 'message': 'odd'},"
                + " {'expression': '!authorizer.serviceAccount(\\u0027default\\u0027, \\u0027nobody\\u0027)"
                + ".path(\\u0027/metrics\\u0027).check(\\u0027get\\u0027).allowed()', 'message': 'even odder'}]");
        bind("'validationActions': ['Deny']");
        RunningApi writer = writer("{'apiGroups': [''], 'resources': ['configmaps'], 'verbs': ['create']}");

        assertThat(map("a", "'a': '1'").status()).isEqualTo(201);
        Answer denied = writer.post(MAPS, mapDocument("b", "'a': '1'"));
        assertThat(denied.status()).isEqualTo(422);
        assertThat(denied.json().path("message").asString("")).endsWith("denied request: reads no secrets");
    }

    @Test
    void allPoliciesOfARequestShareABudgetWhichEndsInADenialWhateverFailuresMean() throws Exception {
        String ten = "[0,1,2,3,4,5,6,7,8,9]";
        String dear = ten + ".all(a, " + ten + ".all(b, " + ten + ".all(c, " + ten + ".all(d, d < 10))))";
        String many = IntStream.range(0, 400)
                .mapToObj(i -> "{'expression': '" + dear + "'}")
                .collect(Collectors.joining(", "));
        policy("'failurePolicy': 'Ignore', 'validations': [" + many + "]");
        bind("'validationActions': ['Deny']");

        Answer denied = map("a", "'a': '1'");

        assertThat(denied.status()).isEqualTo(422);
        assertThat(denied.json().path("message").asString("")).contains("running out of cost budget");
    }

    @Test
    void goesByWhatIsSaidWhereThereAreNoParameters() throws Exception {
        policy("'paramKind': {'apiVersion': 'v1', 'kind': 'ConfigMap'}, 'validations': [{'expression': 'false'}]");
        bind("'validationActions': ['Deny'], 'paramRef': {'name': 'limits', 'parameterNotFoundAction': 'Allow'}");
        assertThat(map("a", "'a': '1'").status()).isEqualTo(201);

        api.patch(
                POLICIES + "/small",
                "application/merge-patch+json",
                "{'spec': {'paramKind': {'apiVersion': 'example.com/v1', 'kind': 'Limit'}}}");
        assertThat(map("b", "'a': '1'").json().path("message").asString(""))
                .contains("failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'");
    }

    @Test
    void nobodyReadsByAPolicyWhatTheyMayNotRead() throws Exception {
        RunningApi writer =
                writer("{'apiGroups': ['admissionregistration.k8s.io'], 'resources': ['*'], 'verbs': ['*']},"
                        + " {'apiGroups': [''], 'resources': ['configmaps'], 'verbs': ['get', 'list']}");
        String policy = document("ValidatingAdmissionPolicy", "small", """
                'matchConstraints': {'resourceRules': [{'apiGroups': [''], 'apiVersions': ['v1'],
                  'operations': ['CREATE'], 'resources': ['configmaps']}]},
                'paramKind': {'apiVersion': 'v1', 'kind': 'KIND'}, 'validations': [{'expression': 'true'}]""");
        String reference = "'policyName': 'small', 'validationActions': ['Deny'], 'paramRef': {'name': 'limits',"
                + " 'namespace': 'default', 'parameterNotFoundAction': 'Deny'}";

        Answer refused = writer.post(POLICIES, policy.replace("KIND", "Secret"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().path("message").asString(""))
                .contains("must have \"get\" permission on all objects of the referenced paramKind (kind=Secret");
        assertThat(writer.post(POLICIES, policy.replace("KIND", "ConfigMap")).status())
                .isEqualTo(201);
        assertThat(writer.post(BINDINGS, document("ValidatingAdmissionPolicyBinding", "small-here", reference))
                        .status())
                .isEqualTo(201);

        api.delete(POLICIES + "/small");
        api.post(POLICIES, policy.replace("KIND", "Secret"));
        Answer other = writer.post(BINDINGS, document("ValidatingAdmissionPolicyBinding", "another", reference));
        assertThat(other.status()).isEqualTo(403);
        assertThat(other.json().path("message").asString(""))
                .contains("does not have \"get\" permission on the object referenced by paramRef");
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
        return api.post(MAPS, mapDocument(name, entries));
    }

    private static String mapDocument(String name, String entries) {
        return "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': '" + name + "'}, 'data': {" + entries
                + "}}";
    }

    /** Somebody who may do what some rules allow. */
    private RunningApi writer(String rules) throws Exception {
        Grantee grantee = new Grantee(api);
        grantee.grant(rules);
        return grantee.asks();
    }

    private static String document(String kind, String name, String spec) {
        return "{'apiVersion': 'admissionregistration.k8s.io/v1', 'kind': '" + kind + "', 'metadata': {'name': '" + name
                + "'}, 'spec': {" + spec + "}}";
    }
}
