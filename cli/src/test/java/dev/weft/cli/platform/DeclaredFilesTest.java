package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a folder declares of kinds that it defines itself. */
class DeclaredFilesTest extends DeclaringTest {

    private static final Kind WIDGET = new Kind("shop.example", "v1", "Widget", "widgets", true);
    private static final String DEFINITION = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.shop.example}
            spec:
              group: shop.example
              names: {kind: Widget, plural: widgets, singular: widget, listKind: WidgetList}
              scope: Namespaced
              versions:
                - name: v1
                  served: true
                  storage: true
                  schema:
                    openAPIV3Schema:
                      type: object
                      properties:
                        spec:
                          type: object
                          required: [size]
                          properties:
                            size: {type: integer, maximum: 9}
                            colour: {type: string, default: red}
                          x-kubernetes-validations:
                            - {rule: "self.size != 4", message: four is no size}
            """;
    private static final String WIDGET_TEXT = """
            apiVersion: shop.example/v1
            kind: Widget
            metadata: {name: %s}
            spec:
              size: %s
            """;

    private static final String ROLE = """
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: reader}
            rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
            """;

    @Test
    void aDefinitionCountsWhicheverFileItIsIn() throws IOException {
        write("a.yaml", WIDGET_TEXT.formatted("one", "1"));
        write("b.yaml", DEFINITION);

        assertThat(files.sync()).isEqualTo(2);

        assertThat(said).isEmpty();
        assertThat(store.get(WIDGET.key("default", "one"))
                        .orElseThrow()
                        .at("/spec/colour")
                        .asString())
                .isEqualTo("red");
    }

    @Test
    void whatADefinitionRefusesIsToldWithItsPlace() throws IOException {
        write("a.yaml", WIDGET_TEXT.formatted("one", "10"));
        write("b.yaml", WIDGET_TEXT.formatted("two", "4"));
        write("c.yaml", WIDGET_TEXT.formatted("three", "3\n  sise: 3"));
        write("d.yaml", WIDGET_TEXT.formatted("four", "4").replace("v1", "v2"));
        write("z.yaml", DEFINITION);

        files.sync();

        assertThat(said)
                .anySatisfy(it -> assertThat(it).contains("a.yaml:5:3 Widget default/one: spec.size: Invalid value"))
                .anySatisfy(it -> assertThat(it).contains("b.yaml:4:1 Widget default/two: ", "four is no size"))
                .anySatisfy(it -> assertThat(it).contains("c.yaml:6:3 Widget default/three: spec.sise is no field"))
                .anySatisfy(it -> assertThat(it).contains("d.yaml:1:1 ", "Write apiVersion: shop.example/v1."));
        assertThat(store.list(WIDGET)).hasSize(1);
    }

    @Test
    void withoutADefinitionTheKindIsUnknown() throws IOException {
        write("a.yaml", WIDGET_TEXT.formatted("one", "1"));

        files.sync();

        assertThat(said).singleElement().asString().contains("a.yaml:2:1 ", "is a kind that Weft does not know");
    }

    @Test
    void whatIsNoLongerDeclaredGoesWhateverItsKind() throws IOException {
        write("a.yaml", WIDGET_TEXT.formatted("one", "1"));
        write("b.yaml", DEFINITION);
        write("c.yaml", ROLE);
        files.sync();
        Files.delete(folder.resolve("a.yaml"));
        Files.delete(folder.resolve("c.yaml"));

        lookTwice();

        assertThat(store.list(WIDGET)).isEmpty();
        assertThat(store.list(Kinds.ROLE)).isEmpty();
        assertThat(store.list(Kinds.CUSTOM_RESOURCE_DEFINITION)).hasSize(1);
    }

    @Test
    void anExpressionThatCannotBeIsToldWithItsPlace() throws IOException {
        write("a.yaml", """
                apiVersion: admissionregistration.k8s.io/v1
                kind: ValidatingAdmissionPolicy
                metadata: {name: few}
                spec:
                  matchConstraints:
                    resourceRules:
                      - {apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}
                  validations:
                    - expression: "object.spec.replicas <="
                """);

        files.sync();

        assertThat(said).singleElement().asString().contains("a.yaml:9:7 ", "spec.validations[0].expression");
        assertThat(store.list(Kinds.ADMISSION_POLICY)).isEmpty();
    }

    @Test
    void whatIsMissedForAMomentStays() throws IOException {
        write("a.yaml", ROLE);
        files.sync();
        Files.delete(folder.resolve("a.yaml"));
        files.sync();
        assertThat(files.undecided()).isTrue();
        nanos += 50_000_000;
        files.sync();
        assertThat(store.list(Kinds.ROLE)).hasSize(1);
        write("a.yaml", ROLE);
        nanos += 1_000_000_000;

        files.sync();

        assertThat(files.undecided()).isFalse();
        assertThat(store.list(Kinds.ROLE)).hasSize(1);
    }

    @Test
    void whatAFolderDeclaredStaysWhileItIsNotThere() throws IOException {
        write("a.yaml", ROLE);
        files.sync();
        Files.move(folder, data.resolve("elsewhere"));

        lookTwice();

        assertThat(store.list(Kinds.ROLE)).hasSize(1);
        assertThat(said).singleElement().asString().contains("there is no such file or folder");

        Files.createDirectory(folder); // as a mount's folder is when the mount is gone
        lookTwice();

        assertThat(store.list(Kinds.ROLE)).hasSize(1);

        Files.delete(folder);
        Files.move(data.resolve("elsewhere"), folder);
        Files.delete(folder.resolve("a.yaml"));
        lookTwice();

        assertThat(store.list(Kinds.ROLE)).isEmpty();
    }

    @Test
    void whatAFolderDeclaredStaysWhileItCannotBeRead() throws IOException {
        write("a.yaml", ROLE);
        files.sync();
        Set<PosixFilePermission> before = Files.getPosixFilePermissions(folder);
        try {
            Files.setPosixFilePermissions(folder, Set.of());
            assumeThat(Files.isReadable(folder)).as("root reads all").isFalse();

            lookTwice();

            assertThat(store.list(Kinds.ROLE)).hasSize(1);
            assertThat(said).singleElement().asString().contains("the folder cannot be read");
        } finally {
            Files.setPosixFilePermissions(folder, before);
        }
    }

    @Test
    void whatAFileDeclaredStaysWhileItCannotBeReadThoughItHasMoved() throws IOException {
        write("a.yaml", ROLE);
        files.sync();
        Files.move(folder.resolve("a.yaml"), folder.resolve("b.yaml"));
        files.sync();
        Files.delete(folder.resolve("b.yaml"));
        Files.createSymbolicLink(folder.resolve("b.yaml"), folder.resolve("nothing"));

        lookTwice();

        assertThat(store.list(Kinds.ROLE)).hasSize(1);
    }

    @Test
    void aCopyUnderAnotherNameStays() throws IOException {
        write("a.yaml", ROLE);
        files.sync();
        Resource declared = store.get(Kinds.ROLE.key("default", "reader")).orElseThrow();
        ObjectNode copy = (ObjectNode)
                JsonMapper.shared().readTree(declared.json().toString().replace("reader", "writer"));
        copy.withObject("/metadata").remove(List.of("uid", "resourceVersion", "creationTimestamp"));
        store.create(new Resource(Kinds.ROLE, copy));

        lookTwice();

        assertThat(store.list(Kinds.ROLE)).hasSize(2);
    }

    @Test
    void whatFailsInAWayThatNobodyExpectedIsTriedAgain() throws IOException {
        write("a.yaml", ROLE);
        store.close();
        assertThatThrownBy(files::sync).isInstanceOf(RuntimeException.class);

        assertThat(files.locate(Kinds.ROLE.key("default", "reader").reference(), ""))
                .isEmpty();
    }

    @Test
    void aJobWithAFractionIsTheSameAfterARestart() throws IOException {
        write("a.yaml", """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: once}
                spec:
                  template:
                    spec:
                      restartPolicy: Never
                      containers:
                        - name: main
                          image: example.com/main
                          resources: {requests: {cpu: 0.5}}
                """);
        files.sync();
        close();
        open();

        files.sync();

        assertThat(said).isEmpty();
    }
}
