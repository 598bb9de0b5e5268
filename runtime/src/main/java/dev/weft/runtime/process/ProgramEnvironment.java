package dev.weft.runtime.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a program gets its environment: as one line of its first shell's input, when that shell has no capabilities any more.
 * The programs that start it get none, because {@code LD_PRELOAD} and the like would let a pod run code in them. Neither
 * arguments nor files: others could read those.
 */
final class ProgramEnvironment {

    /**
     * Reads the line into {@code $environment}; {@link #GIVE} needs it. Without a whole line the platform has died meanwhile, and
     * nobody knows of this program: it ends.
     */
    static final String READ = "IFS= read -r environment || exit 1";

    /** Exports what was read. A shell has names that it keeps to itself, such as UID; the program does without these. */
    static final String GIVE = """
            weft_newline='
            '
            give() { command export "$1" 2>/dev/null; }
            eval "$environment"
            """;

    /** Shells know no others, and drop them from what they inherit too. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private static final Logger LOG = LoggerFactory.getLogger(ProgramEnvironment.class);

    private ProgramEnvironment() {}

    /** Hands it over; whatever is written afterwards is for the program. */
    static void hand(Map<String, String> environment, Process process) {
        try {
            OutputStream input = process.getOutputStream();
            input.write(line(environment).getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            LOG.debug("process {} has ended without its environment", process.pid(), e);
        }
    }

    static void handAll(Map<String, String> environment, Process process) {
        hand(environment, process);
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("process {} has ended without its environment", process.pid(), e);
        }
    }

    private static String line(Map<String, String> environment) {
        StringBuilder line = new StringBuilder();
        environment.forEach((name, value) -> {
            if (NAME.matcher(name).matches()) {
                String quoted = value.replace("'", "'\\''").replace("\n", "'\"$weft_newline\"'");
                line.append("give ").append(name).append("='").append(quoted).append("';");
            }
        });
        return line.append('\n').toString();
    }
}
