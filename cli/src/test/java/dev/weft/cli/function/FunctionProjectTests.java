package dev.weft.cli.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.cli.client.Refusal;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From a template or a {@code func.yaml} to resources, without a platform. */
class FunctionProjectTests {

    @TempDir
    private Path folder;

    private final StringWriter said = new StringWriter();

    @Test
    void aTemplateIsAFunctionThatCompiles() {
        Templates.write("hello", "java", "function", folder, Path.of(""));
        Build.Built built = build();
        assertThat(built).isInstanceOf(Build.Built.Function.class);
        Build.Built.Function function = (Build.Built.Function) built;
        assertThat(function.className()).isEqualTo("function.Function");
        assertThat(function.classpath().getFirst().resolve("function/Function.class"))
                .exists();
    }

    @Test
    void theSameSourcesAreTheSameBuildAndOthersAnother() throws IOException {
        Templates.write("hello", "java", "process", folder, Path.of(""));
        Build.Built first = build();
        assertThat(build().id()).isEqualTo(first.id());
        Path source = folder.resolve("src/function/Main.java");
        Files.writeString(source, Files.readString(source).replace("Hello", "Good day"));
        assertThat(build().id()).isNotEqualTo(first.id());
        assertThat(((Build.Built.Command) first).command())
                .element(2)
                .satisfies(path -> assertThat(Path.of(path)).exists());
    }

    @Test
    void aCompileErrorNamesItsPlace() throws IOException {
        Templates.write("hello", "java", "function", folder, Path.of(""));
        Path source = folder.resolve("src/function/Function.java");
        Files.writeString(source, Files.readString(source).replace("return new", "return nieuw"));
        assertThatThrownBy(this::build).isInstanceOf(Refusal.class).hasMessageContaining("do not compile");
        assertThat(said.toString()).contains("src/function/Function.java:12:");
    }

    @Test
    void aFunctionsFolderIsNotWrittenOver() {
        Templates.write("hello", "node", "http", folder, Path.of(""));
        assertThatThrownBy(() -> Templates.write("hello", "java", "function", folder, Path.of("")))
                .hasMessageContaining("has .gitignore, func.yaml already");
        assertThatThrownBy(() -> Templates.write("hello", "cobol", "function", folder.resolve("x"), Path.of("")))
                .hasMessageContaining("there are: java with function");
    }

    @Test
    void aNewFunctionNamesAllFilesInItsWayAndWritesNone() throws IOException {
        Files.createDirectories(folder.resolve("src/main/java/function"));
        Files.writeString(folder.resolve("src/main/java/function/Functions.java"), "mine");
        Files.writeString(folder.resolve("mvnw"), "mine");
        assertThatThrownBy(() -> Templates.write("hello", "java", "spring", folder, Path.of("")))
                .hasMessageContaining("has src/main/java/function/Functions.java, mvnw already");
        assertThat(folder.resolve("func.yaml")).doesNotExist();
        assertThat(folder.resolve("pom.xml")).doesNotExist();
        assertThat(folder.resolve("src/main/java/function/Functions.java")).hasContent("mine");
    }

    @Test
    void anotherClassOfTheSameFilesIsAnotherBuild() throws IOException {
        Templates.write("hello", "java", "function", folder, Path.of(""));
        String yaml = Files.readString(folder.resolve("func.yaml"));
        Build.Built first = build();
        write(yaml + "weft: {class: 'function.Function::apply'}\n");
        assertThat(build().id()).isNotEqualTo(first.id());
        write(yaml);
        assertThat(build().id()).isEqualTo(first.id());
    }

    @Test
    void everyJarOfTheClassPathIsOfTheBuild() throws IOException {
        twoJars();
        Build.Built first = build();
        Files.writeString(folder.resolve("lib/b.jar"), "other");
        Build.Built second = build();
        assertThat(second.id()).isNotEqualTo(first.id());
        Files.move(folder.resolve("lib/b.jar"), folder.resolve("lib/c.jar"));
        assertThat(build().id()).isNotEqualTo(second.id());
    }

    @Test
    void aJarThatIsReplacedLaterStaysInTheBuild() throws IOException {
        twoJars();
        Build.Built.Function first = (Build.Built.Function) build();
        Files.writeString(folder.resolve("lib/b.jar"), "other");
        assertThat(first.classpath())
                .hasSize(2)
                .allSatisfy(path -> assertThat(path).startsWith(folder.resolve(".func/builds")))
                .extracting(Files::readString)
                .containsExactly("first", "second");
    }

    @Test
    void aProgramsClassPathIsKeptWithIt() throws IOException {
        Templates.write("hello", "java", "process", folder, Path.of(""));
        String yaml = Files.readString(folder.resolve("func.yaml"));
        Files.writeString(folder.resolve("settings"), "one");
        write(yaml + "  classpath: settings\n");
        Build.Built.Command first = (Build.Built.Command) build();
        Files.writeString(folder.resolve("settings"), "two");
        assertThat(build().id()).isNotEqualTo(first.id());
        String settings = first.command().get(2).split(File.pathSeparator, -1)[1];
        assertThat(Path.of(settings)).hasContent("one");
        write(yaml + "  classpath: missing\n");
        assertThatThrownBy(this::build).hasMessageContaining("weft.classpath: there is no");
    }

    /** What some build has made, without sources here. */
    private void twoJars() throws IOException {
        Files.createDirectories(folder.resolve("lib"));
        Files.writeString(folder.resolve("lib/a.jar"), "first");
        Files.writeString(folder.resolve("lib/b.jar"), "second");
        write("name: shop\nruntime: java\nweft: {build: 'true', classpath: lib, class: shop.Till}\n");
    }

    @Test
    void theFieldsOfFuncYamlAreAKnativeService() throws IOException {
        write("""
                name: shop
                runtime: java
                namespace: stores
                run:
                  envs:
                    - {name: PLAIN, value: text}
                    - {name: HERE, value: "{{ env:WHERE }}"}
                    - {name: PASSWORD, value: "{{ secret:door:key }}"}
                    - {value: "{{ configMap:all }}"}
                  volumes:
                    - {secret: door, path: /etc/door}
                deploy:
                  annotations: {own: "1"}
                  labels: [{key: team, value: red}]
                  serviceAccountName: clerk
                  healthEndpoints: {readiness: /ready}
                  options:
                    scale: {min: 1, max: 5, metric: rps, target: 50.5, utilization: 80}
                    resources: {limits: {concurrency: 7, memory: 256Mi}, requests: {cpu: 100m}}
                """);
        FuncYaml yaml = FuncYaml.read(folder);
        assertThat(yaml.remarks()).isEmpty();
        Documents documents = new Documents(yaml, yaml.namespace(""), name -> name.equals("WHERE") ? "there" : "");
        Build.Built built = new Build.Built.Command("0123", List.of("run"), folder);
        JsonNode service = documents.service(built);
        assertThat(service.at("/metadata/namespace").asString()).isEqualTo("stores");
        assertThat(service.at("/metadata/labels/team").asString()).isEqualTo("red");
        JsonNode template = service.at("/spec/template");
        assertThat(template.at("/metadata/annotations").toString())
                .contains(
                        "\"own\":\"1\"",
                        "min-scale\":\"1\"",
                        "max-scale\":\"5\"",
                        "metric\":\"rps\"",
                        "target\":\"50.5\"");
        assertThat(template.at("/spec/containerConcurrency").asInt()).isEqualTo(7);
        assertThat(template.at("/spec/serviceAccountName").asString()).isEqualTo("clerk");
        JsonNode container = template.at("/spec/containers/0");
        assertThat(container.at("/image").asString()).isEqualTo("fn-stores-shop-0123");
        assertThat(container.at("/env").toString())
                .contains(
                        "{\"name\":\"HERE\",\"value\":\"there\"}",
                        "\"secretKeyRef\":{\"name\":\"door\",\"key\":\"key\"}");
        assertThat(container.at("/envFrom/0/configMapRef/name").asString()).isEqualTo("all");
        assertThat(container.at("/resources/limits/memory").asString()).isEqualTo("256Mi");
        assertThat(container.at("/readinessProbe/httpGet/path").asString()).isEqualTo("/ready");
        assertThat(container.at("/volumeMounts/0/mountPath").asString()).isEqualTo("/etc/door");
    }

    @Test
    void whatHasNoEffectAndWhatNobodyKnowsIsSaid() throws IOException {
        write("""
                name: shop
                runtime: java
                registry: example.org/team
                nane: shop
                build: {builder: pack}
                deploy: {options: {scale: {minimum: 1}}}
                """);
        assertThat(FuncYaml.read(folder).remarks())
                .hasSize(4)
                .anySatisfy(remark -> assertThat(remark).startsWith("func.yaml: registry has no effect here"))
                .anySatisfy(remark -> assertThat(remark).startsWith("func.yaml: build.builder has no effect here"))
                .contains("func.yaml: nane is not known", "func.yaml: deploy.options.scale.minimum is not known");
    }

    @Test
    void anEnvironmentThatIsNotSetIsRefused() throws IOException {
        write("name: shop\nruntime: java\nrun: {envs: [{name: A, value: '{{ env:NOBODYS }}'}]}\n");
        FuncYaml yaml = FuncYaml.read(folder);
        Build.Built built = new Build.Built.Command("0123", List.of("run"), folder);
        assertThatThrownBy(() -> new Documents(yaml, "default", _ -> "").service(built))
                .hasMessageContaining("NOBODYS is not set");
    }

    private void write(String yaml) throws IOException {
        Files.writeString(folder.resolve("func.yaml"), yaml);
    }

    private Build.Built build() {
        return new Build(folder, FuncYaml.read(folder), List.of()).run(new PrintWriter(said, true));
    }
}
