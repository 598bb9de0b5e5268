package dev.weft.runtime.namespace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** What tests of pods with networks of their own need of the machine. */
public final class Namespaces {

    private static final String TOOL = "unshare";

    private Namespaces() {}

    /** Skips the test where they are not allowed; where {@code CI} is set and util-linux can make them, fails it. */
    public static void require() {
        require(NamespaceProbe.refusal());
    }

    /**
     * The same of what is allowed here as the product finds.
     *
     * @param refusal why it is not; empty where it is
     */
    public static void require(Optional<String> refusal) {
        if (refusal.isPresent() && System.getenv("CI") != null && othersMake()) {
            throw new AssertionError(TOOL + " makes namespaces here, Weft does not: " + refusal.get());
        }
        Assumptions.assumeTrue(refusal.isEmpty(), refusal::toString);
    }

    private static boolean othersMake() {
        List<String> command = new ArrayList<>(List.of(TOOL));
        if (!System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("--net", "--mount", "--pid", "--fork", "--mount-proc", "true"));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false; // there is no such tool
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
