package dev.weft.resources.knative;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Knative's admission takes and refuses of a Service, one case a line in {@code cases.txt}. */
final class AdmissionCasesTest {

    /**
     * One line.
     *
     * @param where which part of the Service {@code yaml} is
     * @param text of the refusal, empty where it is accepted
     */
    record Case(boolean accepted, String where, String yaml, String text) {

        static Case of(String line) {
            String[] parts = line.split(" \\| ?", -1);
            return new Case(parts[0].equals("accept"), parts[1], parts[2], parts[3].strip());
        }
    }

    static List<Case> cases() throws IOException {
        try (InputStream file =
                Objects.requireNonNull(AdmissionCasesTest.class.getResourceAsStream("cases.txt"), "cases.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Case::of)
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAcceptedOrRefusedWithTheFieldsPath(Case given) {
        Documents documents = Documents.parse("case.yaml", service(given));
        assertThat(documents.problems()).isEmpty();
        Document document = documents.documents().getFirst();

        List<String> errors = Validation.of(document).problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .map(Problem::message)
                .toList();

        if (given.accepted()) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors).anySatisfy(error -> assertThat(error).contains(given.text()));
        }
    }

    private static String service(Case given) {
        String container = "{image: hello}";
        String pod = "";
        String metadata = "{name: hello}";
        String template = "{}";
        String traffic = "";
        switch (given.where()) {
            case "pod" -> pod = inner(given.yaml());
            case "container" ->
                container =
                        given.yaml().contains("image:") ? given.yaml() : "{image: hello, " + inner(given.yaml()) + "}";
            case "mount" -> {
                container = "{image: hello, volumeMounts: " + given.yaml() + "}";
                pod = "volumes: [{name: v, emptyDir: {}}]";
            }
            case "scaling" ->
                template = "{annotations: {"
                        + Stream.of(inner(given.yaml()).split(", "))
                                .map(each -> "autoscaling.knative.dev/" + each)
                                .reduce((a, b) -> a + ", " + b)
                                .orElseThrow()
                        + "}}";
            case "labels", "annotations" -> metadata = "{name: hello, " + given.where() + ": " + given.yaml() + "}";
            case "name" -> template = "{name: " + given.yaml() + "}";
            case "traffic" -> traffic = "traffic: " + given.yaml();
            default -> throw new IllegalArgumentException(given.where());
        }
        String containers = pod.startsWith("containers:") ? "" : "containers: [" + container + "]";
        String between = containers.isEmpty() || pod.isEmpty() ? "" : ", ";
        return """
                apiVersion: serving.knative.dev/v1
                kind: Service
                metadata: %s
                spec:
                  template:
                    metadata: %s
                    spec: {%s%s%s}
                  %s
                """.formatted(metadata, template, pod, between, containers, traffic);
    }

    private static String inner(String yaml) {
        return yaml.substring(1, yaml.length() - 1);
    }
}
