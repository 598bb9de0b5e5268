package dev.weft.runtime.check;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What of the kernel's own limits, cgroups(7), this machine would let an account use; only read. */
final class Cgroups {

    private static final List<String> NEEDED = List.of("cpu", "memory");

    private final Path root;

    /** Of the machine whose files lie there. */
    Cgroups(Path root) {
        this.root = root;
    }

    /** One clause for people. */
    String state() {
        Optional<Path> mounted = mounted();
        if (mounted.isEmpty()) {
            return "this machine has no cgroup v2";
        }
        Path own = mounted.get().resolve(path().substring(1));
        List<String> missing = new ArrayList<>(NEEDED);
        missing.removeAll(words(own.resolve("cgroup.controllers")));
        if (!missing.isEmpty()) {
            return "the cgroup v2 " + own + " has no controller " + String.join(" and no controller ", missing)
                    + " (cgroup v1 has it, or nobody delegated it)";
        }
        return Files.isWritable(own.resolve("cgroup.subtree_control"))
                ? "the cgroup v2 " + own + " is delegated, and not used yet"
                : "the cgroup v2 " + own + " is not delegated to this account";
    }

    private Optional<Path> mounted() {
        return lines(root.resolve("proc/self/mounts")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields.length > 2 && fields[2].equals("cgroup2"))
                .map(fields -> root.resolve(fields[1].substring(1)))
                .findFirst();
    }

    /** Of this process, in the second hierarchy. */
    private String path() {
        return lines(root.resolve("proc/self/cgroup")).stream()
                .filter(line -> line.startsWith("0::"))
                .map(line -> line.substring("0::".length()))
                .findFirst()
                .orElse("/");
    }

    private static List<String> words(Path file) {
        return lines(file).stream()
                .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                .toList();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
