package dev.weft.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.outcome.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one table of everything that the proxy answers itself, against the sources that use it. */
final class ErrorCodesTest {

    private static final Pattern USE = Pattern.compile("ErrorCode\\.([A-Z][A-Z_]+)\\b");
    private static final Pattern STATUS_LINE = Pattern.compile("\"HTTP/1\\.1 [45]");

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyCodeHasACauseARemedyAndAnExplanation(ErrorCode error) {
        assertThat(error.status()).isBetween(400, 599);
        assertThat(error.cause()).as("cause of " + error).hasSizeGreaterThan(15).endsWith(".");
        assertThat(error.remedy())
                .as("remedy of " + error)
                .hasSizeGreaterThan(10)
                .endsWith(".");
        assertThat(error.code()).matches("[a-z]+(-[a-z]+)*").doesNotContain("unknown-error");

        StringWriter out = new StringWriter();
        int exit = Weft.run(new PrintWriter(out), "explain", error.code());

        assertThat(exit).isZero();
        assertThat(out.toString())
                .contains(error.code(), Integer.toString(error.status()), error.cause(), error.remedy());
    }

    @Test
    void noTwoCodesHaveTheSameCause() {
        assertThat(Arrays.stream(ErrorCode.values()).map(ErrorCode::cause)).doesNotHaveDuplicates();
    }

    @Test
    void everyCodeIsGivenSomewhereAndNoAnswerIsMadeBesideTheTable() throws IOException {
        Set<String> used = new TreeSet<>();
        Set<String> answersBeside = new TreeSet<>();
        for (Path source : sources()) {
            String text = Files.readString(source);
            Matcher use = USE.matcher(text);
            while (use.find()) {
                used.add(use.group(1));
            }
            if (STATUS_LINE.matcher(text).find()) {
                answersBeside.add(source.getFileName().toString());
            }
        }

        Set<String> unused = new TreeSet<>(names());
        unused.removeAll(used);
        assertThat(unused).as("codes that nothing gives").isEmpty();
        assertThat(names()).as("codes that the sources give").containsAll(used);
        assertThat(answersBeside)
                .as("sources that write an error's status line of their own")
                .isEmpty();
    }

    private static List<String> names() {
        return Arrays.stream(ErrorCode.values()).map(Enum::name).toList();
    }

    private static List<Path> sources() throws IOException {
        Path root = Path.of("..").toAbsolutePath().normalize();
        assertThat(root.resolve("proxy/src/main")).isDirectory();
        List<Path> sources = new ArrayList<>();
        for (String module : List.of("proxy", "http")) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
            }
        }
        return sources;
    }
}
