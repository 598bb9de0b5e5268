package dev.weft.acceptance;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Programs that a user may not have. */
final class Tools {

    private Tools() {}

    /** Skips the test by the tool's name; where {@code CI} is set, fails it, but for {@code WEFT_CI_WITHOUT}. */
    static void require(String tool) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return;
            }
        }
        if (System.getenv("CI") != null && !tool.equals(System.getenv("WEFT_CI_WITHOUT"))) {
            throw new AssertionError(tool + " is not installed, and CI is set");
        }
        Assumptions.abort(tool + " is not installed");
    }
}
