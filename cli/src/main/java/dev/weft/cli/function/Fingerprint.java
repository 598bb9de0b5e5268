package dev.weft.cli.function;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Whether a folder has changed: names and contents of all files that people write. Logs and what the folder's {@code
 * .gitignore} names are left out. A file is read again only when its size or time is another.
 */
final class Fingerprint {

    private static final Set<String> MADE = Set.of(".func", ".git", ".weft", "target", "node_modules");
    private static final long SETTLING_NANOS = 30_000_000;
    private static final Duration SETTLING_MAX = Duration.ofSeconds(2);

    private final Path folder;
    private Map<Path, Seen> seen = Map.of();

    private record Seen(long size, FileTime time, String digest) {}

    Fingerprint(Path folder) {
        this.folder = folder;
    }

    String take() {
        StringBuilder text = new StringBuilder();
        Map<Path, Seen> now = new HashMap<>();
        Ignored ignored = Ignored.in(folder);
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                    boolean made = MADE.contains(String.valueOf(path.getFileName()))
                            || ignored.matches(folder.relativize(path), true);
                    return made && !path.equals(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                    if (!path.toString().endsWith(".log") && !ignored.matches(folder.relativize(path), false)) {
                        Seen file = look(path, attributes);
                        now.put(path, file);
                        text.append(path).append(' ').append(file.digest()).append('\n');
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path path, IOException e) {
                    return FileVisitResult.CONTINUE; // an editor's own, gone already
                }

                @Override
                public FileVisitResult postVisitDirectory(Path path, IOException e) {
                    return FileVisitResult.CONTINUE; // gone while it was read
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        seen = now;
        return text.toString();
    }

    private Seen look(Path path, BasicFileAttributes attributes) {
        Seen before = seen.get(path);
        FileTime time = attributes.lastModifiedTime();
        if (before != null
                && before.size() == attributes.size()
                && before.time().equals(time)) {
            return before;
        }
        return new Seen(attributes.size(), time, digest(path, attributes));
    }

    private static String digest(Path path, BasicFileAttributes attributes) {
        try {
            return attributes.isRegularFile() ? Builds.digest(path, Set.of()) : "";
        } catch (IOException e) {
            return ""; // gone, or nobody's to read
        }
    }

    /** The next that stays, or that of the longest wait: an editor may write in several steps, and a program for ever. */
    String settled(String first) {
        String last = first;
        long began = System.nanoTime();
        while (System.nanoTime() - began < SETTLING_MAX.toNanos()) {
            LockSupport.parkNanos(SETTLING_NANOS);
            String now = take();
            if (now.equals(last)) {
                return now;
            }
            last = now;
        }
        return last;
    }
}
