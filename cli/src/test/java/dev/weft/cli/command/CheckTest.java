package dev.weft.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CheckTest {

    @TempDir
    private Path folder;

    @Test
    void tellsMachinesWhatIsWrongInFiles() throws IOException {
        Path file =
                Files.writeString(folder.resolve("kind.yaml"), "apiVersion: v1\nkind: Servce\nmetadata: {name: a}\n");
        StringWriter out = new StringWriter();

        int code = Weft.run(new PrintWriter(out), "check", "-f", file.toString(), "-o", "json");

        assertThat(code).isEqualTo(1);
        JsonNode found = JsonMapper.shared().readTree(out.toString());
        assertThat(found.at("/0/severity").asString("")).isEqualTo("error");
        assertThat(found.at("/0/problem").asString("")).contains("kind.yaml:", "Servce");
    }
}
