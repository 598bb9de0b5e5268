package dev.weft.runtime.volume;

import dev.weft.runtime.namespace.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder whose files change all at once, as the kubelet does it: they lie in a folder with a name of its own, {@code
 * ..data} is a link to it that is replaced by one rename, and each file's name is a link through {@code ..data}. Belongs to
 * one thread at a time.
 */
final class PayloadFolder {

    private static final String DATA = "..data";
    private static final int MODE = 0755;

    private final Path folder;
    private final VolumeGroup group;
    private Optional<Map<String, Payload.Content>> written = Optional.empty();
    private int number;

    PayloadFolder(Path folder, VolumeGroup group) {
        this.folder = folder;
        this.group = group;
    }

    void write(Map<String, Payload.Content> files) throws IOException {
        if (written.filter(files::equals).isPresent()) {
            return;
        }
        Path next = folder.resolve(DATA + "-" + (number + 1));
        FileTree.delete(next); // half of it may be there since a write failed
        Files.createDirectory(next);
        for (Map.Entry<String, Payload.Content> each : files.entrySet()) {
            Path file = next.resolve(each.getKey()).normalize();
            if (!file.startsWith(next) || file.equals(next)) {
                throw new IOException("not a file of the volume: " + each.getKey());
            }
            Files.createDirectories(parent(file));
            Files.write(file, each.getValue().bytes().array());
            group.ofFile(file, each.getValue().mode());
        }
        try (Stream<Path> made = Files.walk(next)) {
            for (Path each : made.filter(Files::isDirectory).toList()) {
                group.ofFolder(each, MODE, false);
            }
        }
        Path link = folder.resolve(DATA + "-next");
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, next.getFileName());
        Files.move(link, folder.resolve(DATA), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        number++;
        links(files.keySet());
        sweep(next);
        written = Optional.of(Map.copyOf(files));
    }

    /** A write that failed after its rename has left the one before. */
    private void sweep(Path current) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path each : entries.toList()) {
                if (each.getFileName().toString().startsWith(DATA + "-") && !each.equals(current)) {
                    FileTree.delete(each);
                }
            }
        }
    }

    private void links(Set<String> paths) throws IOException {
        Set<String> tops = new HashSet<>();
        for (String path : paths) {
            tops.add(path.split("/", 2)[0]);
        }
        try (Stream<Path> entries = Files.list(folder)) {
            for (Path each : entries.toList()) {
                String name = each.getFileName().toString();
                if (!name.startsWith("..") && !tops.remove(name)) {
                    Files.delete(each);
                }
            }
        }
        for (String top : tops) {
            Files.createSymbolicLink(folder.resolve(top), Path.of(DATA, top));
        }
    }

    private Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? folder : parent;
    }
}
