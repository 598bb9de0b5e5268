package dev.weft.control.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.control.declared.Declarations;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.Verdict;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The corpus of mistakes ({@code src/test/resources/mistakes}): each is answered at its place, with what to do. A mistake
 * begins with {@code # mistake: WHAT}; {@code # at: LINE:COLUMN FIELD} and {@code # says: TEXT} are what the answer has to
 * be, with lines counted from the text below them.
 */
class MistakesTest {

    private static final List<String> FILES = List.of(
            "syntax", "services", "workloads", "knative", "emissary", "smi", "others", "permissions", "together");

    record Mistake(String title, String at, String says, String text) {
        @Override
        public String toString() {
            return title;
        }
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void isAnsweredAtItsPlaceWithARemedy(Mistake mistake) {
        List<Problem> problems = problems(mistake.text());

        assertThat(problems).as("%s", problems).anySatisfy(problem -> {
            assertThat(place(problem)).isEqualTo(mistake.at());
            assertThat(problem.message() + " " + problem.remedy()).contains(mistake.says());
            assertThat(problem.remedy()).isNotBlank();
        });
    }

    @Test
    void thereAreAHundred() throws IOException {
        assertThat(mistakes().toList()).hasSizeGreaterThanOrEqualTo(100);
    }

    static Stream<Mistake> mistakes() throws IOException {
        List<Mistake> mistakes = new ArrayList<>();
        for (String file : FILES) {
            try (InputStream in = Objects.requireNonNull(
                    MistakesTest.class.getResourceAsStream("/mistakes/" + file + ".yaml"), file)) {
                String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                for (String part : all.split("(?m)^# mistake: ", -1)) {
                    if (!part.startsWith("#")) {
                        mistakes.add(mistake(file, part));
                    }
                }
            }
        }
        return mistakes.stream();
    }

    private static Mistake mistake(String file, String part) {
        String title = file + ": " + part.lines().findFirst().orElse("");
        String at = "";
        String says = "";
        StringBuilder text = new StringBuilder();
        for (String line : part.lines().skip(1).toList()) {
            if (line.startsWith("# at: ")) {
                at = line.substring(6);
            } else if (line.startsWith("# says: ")) {
                says = line.substring(8);
            } else {
                text.append(line).append('\n');
            }
        }
        return new Mistake(title, at, says, text.toString());
    }

    /** What is said of the documents one by one, and then of all that are good together. */
    private static List<Problem> problems(String text) {
        Documents documents = Documents.parse("a.yaml", text);
        List<Problem> problems = new ArrayList<>(documents.problems());
        MemoryStore store = new MemoryStore();
        Declarations declarations = new Declarations();
        Map<String, Document> written = new LinkedHashMap<>();
        for (Document document : documents.documents()) {
            Validation validation = Validation.of(document);
            problems.addAll(validation.problems());
            validation.resource().ifPresent(resource -> {
                written.put(resource.key().reference().toString(), document);
                declarations.put(store.apply(resource));
            });
        }
        if (problems.isEmpty()) {
            for (Verdict verdict : new Compiler(EdgeOptions.DEFAULT, InstantSource.system())
                    .compile(1, declarations, List.of())
                    .verdicts()) {
                Document document = written.get(verdict.resource().toString());
                verdict.problems().forEach(problem -> problems.add(located(problem, document)));
            }
        }
        return problems;
    }

    private static Problem located(Problem problem, @Nullable Document document) {
        return document == null ? problem : problem.at(document.locate(problem.field()));
    }

    private static String place(Problem problem) {
        return (problem.location().line() + ":" + problem.location().column() + " " + problem.field()).strip();
    }
}
