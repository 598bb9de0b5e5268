package dev.weft.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;

/** How a platform's pods are connected, and as whom it runs. */
enum Setting {
    NAMESPACES("namespaces"),
    NAMESPACES_OF_AN_ORDINARY_ACCOUNT("namespaces"),
    NAMESPACES_BY_REDIRECT("namespaces"),
    LOOPBACK("loopback");

    /** Nobody's, on every system; it owns nothing. */
    private static final String ACCOUNT = "65534";

    /** A refusal of namespaces, as {@code weft check} says it; not of steering, which a kernel may not have. */
    private static final Pattern OF_NAMESPACES =
            Pattern.compile("namespaces are refused: (unshare|setns|nsenter|mount)\\b");

    private final String pods;

    Setting(String pods) {
        this.pods = pods;
    }

    boolean namespaces() {
        return pods.equals("namespaces");
    }

    /** Skips where this cannot be, with the reason that {@code weft check} gives. */
    void require(Path folder) {
        if (this == NAMESPACES_OF_AN_ORDINARY_ACCOUNT) {
            Assumptions.assumeTrue(root(), "these tests run as an ordinary account anyway");
            Tools.require("setpriv");
        }
        if (namespaces()) {
            String found =
                    WeftCommand.run(60, builder(folder, List.of("check"))).output();
            boolean allowed = found.contains("network of pods: namespaces");
            if (OF_NAMESPACES.matcher(found).find() && System.getenv("CI") != null && othersMakeNamespaces(folder)) {
                throw new AssertionError("unshare makes namespaces here, Weft does not: " + found);
            }
            Assumptions.assumeTrue(allowed, found);
        }
    }

    /** Whether util-linux can, as the same account, and inside the same user namespace as {@code ./weft}. */
    private boolean othersMakeNamespaces(Path folder) {
        List<String> command = new ArrayList<>();
        if (this == NAMESPACES_OF_AN_ORDINARY_ACCOUNT) {
            command.addAll(List.of("setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups", "--"));
        }
        if (this == NAMESPACES_OF_AN_ORDINARY_ACCOUNT || !root()) {
            command.addAll(List.of("unshare", "--user", "--mount", "--uts", "--ipc"));
            command.addAll(List.of("--map-current-user", "--keep-caps"));
        }
        command.addAll(List.of("unshare", "--net", "--mount", "--uts", "--ipc"));
        command.addAll(List.of("--pid", "--fork", "--mount-proc", "true"));
        try {
            return WeftCommand.run(folder, 60, command).exitCode() == 0;
        } catch (UncheckedIOException _) {
            return false; // there is no such tool
        }
    }

    private static boolean root() {
        return System.getProperty("user.name").equals("root");
    }

    /** The platform's arguments that make it so. */
    List<String> arguments() {
        return List.of("--pods", pods);
    }

    /**
     * A {@code weft} that runs as it should.
     *
     * @param folder that the account may write to
     */
    ProcessBuilder builder(Path folder, List<String> arguments) {
        List<String> command = new ArrayList<>();
        Path home = WeftCommand.HOME;
        if (this == NAMESPACES_OF_AN_ORDINARY_ACCOUNT) {
            home = readable(folder);
            command.addAll(List.of("setpriv", "--reuid", ACCOUNT, "--regid", ACCOUNT, "--clear-groups", "--"));
        }
        command.add(home.resolve("weft").toString());
        command.addAll(arguments);
        ProcessBuilder builder = WeftCommand.builder(folder, command);
        Map<String, String> environment = builder.environment();
        // Not a version manager's, which another account may not read.
        environment.merge("PATH", "/usr/bin:/bin", (theirs, first) -> first + ":" + theirs);
        if (this == NAMESPACES_OF_AN_ORDINARY_ACCOUNT) {
            environment.put("HOME", folder.toString());
            // Caches come and go in the background, while files are copied and handed over.
            environment.put("WEFT_AOT", "off");
        }
        if (this == NAMESPACES_BY_REDIRECT) {
            environment.put("WEFT_STEERING", "redirect");
        }
        return builder;
    }

    /** The build, where another account can read it: often it lies in somebody's home. */
    private static Path readable(Path folder) {
        Path copy = folder.resolve("weft");
        if (Files.exists(copy)) {
            return copy;
        }
        try {
            Files.createDirectories(copy.resolve("cli/target"));
            run(
                    "cp",
                    "-r",
                    "--preserve=timestamps",
                    WeftCommand.HOME.resolve("weft").toString(),
                    copy.toString());
            run(
                    "cp",
                    "-r",
                    "--preserve=timestamps",
                    WeftCommand.HOME.resolve("bin").toString(),
                    copy.toString());
            Path built = WeftCommand.HOME.resolve("cli/target/weft");
            Path target = Files.createDirectories(copy.resolve("cli/target/weft"));
            for (String part : List.of("lib", "built")) {
                run("cp", "-r", "--preserve=timestamps", built.resolve(part).toString(), target.toString());
            }
            hand(folder);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the folder to the account that the platform runs as. */
    private static void hand(Path folder) {
        run("chmod", "755", folder.toString());
        run("chown", "-R", ACCOUNT + ":" + ACCOUNT, folder.toString());
    }

    /** Lets the platform's account write where the tests have made something. */
    void handOver(Path folder) {
        if (this == NAMESPACES_OF_AN_ORDINARY_ACCOUNT) {
            hand(folder);
        }
    }

    private static void run(String... command) {
        WeftCommand.Result result = WeftCommand.run(Path.of("").toAbsolutePath(), 60, List.of(command));
        if (result.exitCode() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + result.output());
        }
    }
}
