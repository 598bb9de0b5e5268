package dev.weft.cli.function;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Copies of what was built, below {@code .func/builds} of a function's folder, each named by the digest of what is in it. Nobody
 * changes one: an older revision keeps the files that it was made of.
 */
final class Builds {

    private static final String NEXT = "next-";
    private static final int ID_CHARACTERS = 12;

    private final Path place;

    Builds(Path folder) {
        this.place = folder.toAbsolutePath().normalize().resolve(".func/builds");
    }

    /** A copy of a file or folder; the same one for the same content. */
    Path keep(Path made, Set<String> without) throws IOException {
        String digest = digest(made, without);
        Files.createDirectories(place);
        Path kept = place.resolve(Files.isRegularFile(made) ? digest + "-" + made.getFileName() : digest);
        if (!Files.exists(kept)) {
            Path next = place.resolve(NEXT + ProcessHandle.current().pid());
            delete(next);
            copy(made, next, without);
            Files.move(next, kept);
        }
        return kept;
    }

    /** One for the same words in the same order; paths of kept files among them speak for the content. */
    static String id(List<String> words) {
        MessageDigest digest = sha256();
        for (String word : words) {
            digest.update(word.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, ID_CHARACTERS);
    }

    /**
     * Deletes what none needs any more, and what ended programs left half done.
     *
     * @param gone text that may name copies: those are deleted
     * @param needed text that may name the same ones: those stay
     */
    void delete(String gone, String needed) throws IOException {
        if (!Files.isDirectory(place)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> list = Files.list(place)) {
            all = list.toList();
        }
        for (Path each : all) {
            String path = each.toString();
            if (leftOver(each) || (gone.contains(path) && !needed.contains(path))) {
                delete(each);
            }
        }
    }

    private static boolean leftOver(Path path) {
        String name = String.valueOf(path.getFileName());
        if (!name.matches(NEXT + "\\d{1,18}")) {
            return false;
        }
        return ProcessHandle.of(Long.parseLong(name.substring(NEXT.length())))
                .filter(ProcessHandle::isAlive)
                .isEmpty();
    }

    private static List<Path> contents(Path root, Set<String> without) throws IOException {
        if (Files.isRegularFile(root)) {
            return List.of(root);
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> Files.isRegularFile(path)
                            && !without.contains(
                                    root.relativize(path).getName(0).toString()))
                    .sorted()
                    .toList();
        }
    }

    /** Of the names and contents below it. */
    static String digest(Path root, Set<String> without) throws IOException {
        MessageDigest digest = sha256();
        try (DigestOutputStream all = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path file : contents(root, without)) {
                String head = root.relativize(file) + "\0" + Files.size(file) + "\0";
                all.write(head.getBytes(StandardCharsets.UTF_8));
                Files.copy(file, all);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void copy(Path from, Path to, Set<String> without) throws IOException {
        if (Files.isRegularFile(from)) {
            Files.copy(from, to);
            return;
        }
        for (Path file : contents(from, without)) {
            Path target = to.resolve(from.relativize(file));
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
        Files.createDirectories(to);
    }

    /** A file, or a folder with all that is in it; nothing when it is not there. */
    static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        List<Path> inner;
        try (Stream<Path> all = Files.walk(root)) {
            inner = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : inner) {
            Files.delete(path);
        }
    }
}
