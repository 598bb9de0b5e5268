package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Policies and webhooks judge what a folder declares. */
class DeclaredAdmissionTest extends DeclaringTest {

    private static final String POLICY = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicy
            metadata: {name: small}
            spec:
              matchConstraints:
                resourceRules:
                  - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE, DELETE], resources: [configmaps]}
              validations:
                - expression: "%s"
                  message: as the policy says
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingAdmissionPolicyBinding
            metadata: {name: small-here}
            spec: {policyName: small, validationActions: [%s]}
            """;
    private static final String SMALL = "request.operation == 'DELETE' || object.data.size() <= 1";
    private static final String WEBHOOK = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: {name: nobody}
            webhooks:
              - name: nobody.example.com
                clientConfig: {service: {name: nobody, namespace: default}}
                rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}]
                sideEffects: None
                admissionReviewVersions: [v1]
            """;
    private static final String MAP = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: %s}
            data: %s
            """;

    @Test
    void aPolicyDeniesWhatAFileDeclaresWithItsPlace() throws IOException {
        write("a.yaml", MAP.formatted("little", "{a: x}") + "---\n" + MAP.formatted("big", "{a: x, b: x}"));
        write("z.yaml", POLICY.formatted(SMALL, "Deny")); // of the same folder, whichever file it is in

        files.sync();

        assertThat(names()).containsExactly("little");
        assertThat(said)
                .singleElement()
                .asString()
                .contains("a.yaml:6:1 ConfigMap default/big: ValidatingAdmissionPolicy 'small' with binding"
                        + " 'small-here' denied request: as the policy says")
                .contains("then save it, or another file that weft up reads, again");
        assertThat(files.undecided()).isFalse();

        write("a.yaml", MAP.formatted("little", "{a: x, b: x}") + "---\n" + MAP.formatted("big", "{a: x}"));
        files.sync();

        assertThat(names()).containsExactly("big", "little");
        assertThat(store.get(Kinds.CONFIG_MAP.key("default", "little"))
                        .orElseThrow()
                        .at("/data")
                        .size())
                .isEqualTo(1); // its last good state
    }

    @Test
    void aPolicyThatOnlyWarnsIsToldAndLetsPass() throws IOException {
        write("a.yaml", MAP.formatted("big", "{a: x, b: x}"));
        write("z.yaml", POLICY.formatted(SMALL, "Warn"));

        files.sync();
        files.sync();

        assertThat(names()).containsExactly("big");
        assertThat(said)
                .singleElement()
                .asString()
                .contains("a.yaml:1:1 ConfigMap default/big: ", "as the policy says");
    }

    @Test
    void aPolicyHoldsWhatAFolderNoLongerDeclares() throws IOException {
        write("a.yaml", MAP.formatted("little", "{a: x}"));
        write("z.yaml", POLICY.formatted("request.operation != 'DELETE'", "Deny"));
        files.sync();
        Files.delete(folder.resolve("a.yaml"));

        lookTwice();

        assertThat(names()).containsExactly("little");
        assertThat(said).singleElement().asString().contains("a.yaml ConfigMap default/little: ", "denied request");
        assertThat(files.undecided()).isFalse();

        write("z.yaml", POLICY.formatted("true", "Deny"));
        files.sync();

        assertThat(names()).isEmpty();
    }

    @Test
    void aWebhookThatCannotBeAskedIsAskedAgain() throws IOException {
        write("z.yaml", WEBHOOK);
        files.sync();
        write("a.yaml", MAP.formatted("a", "{a: x}"));

        files.sync();

        assertThat(names()).isEmpty();
        assertThat(said)
                .singleElement()
                .asString()
                .contains("a.yaml:1:1 ConfigMap default/a: ", "failed calling webhook \"nobody.example.com\"");
        assertThat(files.undecided()).isTrue();

        write("z.yaml", WEBHOOK.replace("sideEffects", "failurePolicy: Ignore\n    sideEffects"));
        files.sync(); // the configuration comes after what it judges, and what serves it before
        files.sync();

        assertThat(names()).containsExactly("a");
        assertThat(files.undecided()).isFalse();
    }

    private List<String> names() {
        return store.list(Kinds.CONFIG_MAP).stream().map(it -> it.name()).toList();
    }
}
