package dev.weft.runtime.namespace;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/**
 * What tests of pods with namespaces of their own need of the machine. Where they are refused a test is skipped by the
 * refusal's name; where {@code CI} is set and util-linux makes the same namespaces, with no more rights than this JVM has, it
 * fails.
 */
public final class Namespaces {

    private static final String TOOL = "unshare";

    /** What making and entering them begins with, as the refusal says it; a kernel without steering is no fault of ours. */
    private static final Pattern OF_NAMESPACES = Pattern.compile("^(unshare|setns|nsenter|mount)\\b");

    private static final List<String> OF_A_PROCESS = List.of("--pid", "--fork", "--mount-proc", "true");

    private Namespaces() {}

    /**
     * Networks of pods. An ordinary account has none in a JVM that was not started in a user namespace, as {@code ./weft}
     * starts its own: threads cannot enter one, so the tool is asked without {@code --user}.
     */
    public static void require() {
        Optional<String> refusal = NamespaceProbe.refusal();
        List<String> words = new ArrayList<>(List.of("--net", "--mount", "--uts", "--ipc"));
        words.addAll(OF_A_PROCESS);
        require(refusal, refusal.filter(Namespaces::ofNamespaces).isPresent() && makes(words));
    }

    /**
     * Pid namespaces, which the product has made by a program as well, so that a user namespace can come first.
     *
     * @param refusal why there is none; empty where there is
     */
    public static void requireOfProcesses(Optional<String> refusal) {
        List<String> ofAUser = new ArrayList<>(List.of("--user", "--map-current-user"));
        ofAUser.addAll(OF_A_PROCESS);
        require(refusal, refusal.isPresent() && (makes(OF_A_PROCESS) || makes(ofAUser)));
    }

    private static void require(Optional<String> refusal, boolean othersMake) {
        if (othersMake && System.getenv("CI") != null) {
            throw new AssertionError(TOOL + " makes namespaces here, Weft does not: " + refusal.orElse(""));
        }
        Assumptions.assumeTrue(refusal.isEmpty(), refusal::toString);
    }

    static boolean ofNamespaces(String refusal) {
        return OF_NAMESPACES.matcher(refusal).find();
    }

    private static boolean makes(List<String> words) {
        List<String> command = new ArrayList<>(List.of(TOOL));
        command.addAll(words);
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

    /** The mask of a line {@code SigIgn: ...} of proc(5), without the signals above 31, which are the C library's. */
    public static long ignoredSignals(String line) {
        return Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16) & Integer.MAX_VALUE;
    }
}
