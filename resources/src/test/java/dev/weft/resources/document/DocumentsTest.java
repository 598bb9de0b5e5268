package dev.weft.resources.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {

    @Test
    void readsSeveralDocumentsOfOneStreamAndKnowsWhereEachFieldStands() {
        Documents read = Documents.parse("shop.yaml", """
                # the shop
                kind: First
                ---
                kind: Second
                spec:
                  backends:
                    - service: a
                    - service: b
                      weight: 1
                """);

        assertThat(read.problems()).isEmpty();
        assertThat(read.documents()).hasSize(2);
        Document second = read.documents().get(1);
        assertThat(second.json().at("/spec/backends/1/service").asString()).isEqualTo("b");
        assertThat(second.locate("spec.backends[1].service")).hasToString("shop.yaml:8:7");
        assertThat(second.locate("spec.backends[1].weight")).hasToString("shop.yaml:9:7");
        assertThat(second.locate("spec.backends[1].missing")).hasToString("shop.yaml:8:7");
        assertThat(second.locate("elsewhere")).hasToString("shop.yaml:4:1");
    }

    @Test
    void namesThePlaceOfASyntaxErrorAndWhatIsExpectedThere() {
        Documents read = Documents.parse("stdin", "routes: [");

        assertThat(read.documents()).isEmpty();
        assertThat(read.problems()).extracting(Problem::toString).containsExactly("""
                stdin:1:10 expected ']' before the end of the document
                  Close the bracket that opens at stdin:1:9.""");
    }

    @Test
    void keepsReadingAfterADocumentThatIsNotYaml() {
        Documents read = Documents.parse("shop.yaml", """
                a: b: c
                ---
                kind: Good
                ---
                - a list
                ---
                kind: Twice
                kind: Twice
                """);

        assertThat(read.documents())
                .extracting(document -> document.json().get("kind").asString())
                .containsExactly("Good");
        assertThat(read.problems())
                .extracting(problem -> problem.location().toString())
                .containsExactly("shop.yaml:1:5", "shop.yaml:5:1", "shop.yaml:8:1");
    }

    @Test
    void refusesANumberThatNoDoubleComesNear() {
        Documents read = Documents.parse("shop.yaml", "kind: First\nn: 1e999999999\n---\nkind: Second\nn: 1.5e300\n");

        assertThat(read.documents()).hasSize(1);
        assertThat(read.problems().getFirst().toString())
                .startsWith("shop.yaml:2:4 the number 1e999999999 is beyond what a double holds.");
    }

    @Test
    void readsJsonWithPositions() {
        Documents read = Documents.parse(
                "a.json", "{\n\t\"kind\": \"Pod\",\n\t\"n\": [1, true, null, 1.5, \"\\u00e4\\/\"]\n}\n");

        assertThat(read.problems()).isEmpty();
        Document document = read.documents().getFirst();
        assertThat(document.json()).hasToString("{\"kind\":\"Pod\",\"n\":[1,true,null,1.5,\"ä/\"]}");
        assertThat(document.locate("n[4]")).hasToString("a.json:3:28");
    }

    @Test
    void takesAListApart() {
        Documents read = Documents.parse("stdin", """
                apiVersion: v1
                kind: List
                items:
                - kind: A
                - kind: B
                  name: b
                """);

        assertThat(read.documents()).hasSize(2);
        assertThat(read.documents().get(1).locate("name")).hasToString("stdin:6:3");
    }

    @Test
    void unfoldsAliasesAndMergeKeysAndStopsBeforeTheyExplode() {
        Documents merged = Documents.parse("stdin", "base: &b {a: 1, b: 2}\nmore: {<<: *b, b: 3}\nsame: *b\n");
        assertThat(merged.documents().getFirst().json())
                .hasToString("{\"base\":{\"a\":1,\"b\":2},\"more\":{\"a\":1,\"b\":3},\"same\":{\"a\":1,\"b\":2}}");

        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            String alias = "*a" + (i - 1);
            String ten = String.join(", ", java.util.Collections.nCopies(10, alias));
            laughs.append("a%d: &a%d [%s]%n".formatted(i, i, ten));
        }
        assertThat(Documents.parse("stdin", laughs.toString()).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("more than 200000 values"));
    }

    @Test
    void refusesWhatIsNestedTooDeeplyOrTooLarge() {
        assertThat(Documents.parse("stdin", "a: " + "[".repeat(100)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("nested deeper than 64"));
        assertThat(Documents.parse("stdin", "#".repeat(Documents.BYTES_MAX + 1)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("larger than 3 MiB"));
    }

    @Test
    void readsTheFilesOfAFolderInOrderOfTheirNames(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("b.yaml"), "kind: B");
        Files.writeString(folder.resolve("a.yml"), "kind: A");
        Files.writeString(folder.resolve("notes.txt"), "kind: [");
        Files.createDirectory(folder.resolve("inner"));
        Files.writeString(folder.resolve("inner/c.yaml"), "kind: C");

        Documents read = Documents.read(List.of(folder, folder.resolve("absent.yaml")));

        assertThat(read.documents())
                .extracting(document -> document.json().get("kind").asString())
                .containsExactly("A", "B");
        assertThat(read.problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.reason()).isEqualTo("NotFound"));
    }
}
