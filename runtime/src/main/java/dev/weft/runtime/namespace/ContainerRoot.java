package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.Below;
import dev.weft.runtime.linux.Mounts;
import dev.weft.runtime.linux.SystemPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The file tree that one container's programs see: this machine's, but for what is shown over it. A place that this machine
 * does not have is made without touching the machine: the folder around it is replaced by one in memory that shows the
 * same entries.
 *
 * <p>All of it runs on the maker, in mounts that are the container's own already. Until the last step everything is built
 * below {@code stage}, beside the machine's own tree, so that sources keep their paths.
 */
final class ContainerRoot {

    private static final Path ROOT = Path.of("/");
    private static final Path TEMPORARY = Path.of("/tmp");
    private static final int LINKS_MAX = 40;

    private final Path stage;
    private final Set<Path> own = new HashSet<>();
    private final Set<Path> foreign = new HashSet<>();

    private ContainerRoot(Path stage) {
        this.stage = stage;
    }

    /**
     * Makes it the root of the calling thread's mounts, for all that enter them later.
     *
     * @param stage an empty folder
     * @param temporary the container's own {@code /tmp}
     * @param kept entries of the machine's {@code /tmp} that stay visible
     * @param hidden what is not to be seen of the machine
     */
    static void build(Path stage, Path temporary, Set<Path> kept, Hidden hidden, List<Shown> shown) throws IOException {
        stage(stage, temporary, kept, hidden, shown);
        Mounts.becomeRoot(stage.toString());
    }

    /** The same for all that are in these mounts already. What is shown has no {@link Shown#below}. */
    static void replace(Path stage, Path temporary, Set<Path> kept, Hidden hidden, List<Shown> shown)
            throws IOException {
        stage(stage, temporary, kept, hidden, shown);
        Mounts.replaceRoot(stage.toString());
    }

    private static void stage(Path stage, Path temporary, Set<Path> kept, Hidden hidden, List<Shown> shown)
            throws IOException {
        ContainerRoot root = new ContainerRoot(stage);
        Mounts.memory(stage.toString(), "mode=0755");
        Mounts.keepHere(stage.toString());
        root.mirror(ROOT, stage);
        root.temporary(temporary, kept);
        Optional<Path> cover = root.hide(hidden);
        List<Shown> outermostFirst = shown.stream()
                .sorted(Comparator.comparingInt(each -> each.target().getNameCount()))
                .toList();
        for (Shown each : outermostFirst) {
            root.show(each);
        }
        if (cover.isPresent()) {
            Mounts.freeze(cover.get().toString());
        }
    }

    private void temporary(Path folder, Set<Path> kept) throws IOException {
        if (!Files.isDirectory(TEMPORARY)) {
            return;
        }
        Path place = resolve(TEMPORARY);
        Mounts.show(folder.toString(), place.toString());
        own.add(place);
        for (Path each : kept) {
            if (Files.exists(each)) {
                Path target = place.resolve(String.valueOf(each.getFileName()));
                entry(each, target);
            }
        }
    }

    /** Covers a folder by an empty one, in which the exceptions alone are seen. Sources below it keep their paths. */
    private Optional<Path> hide(Hidden hidden) throws IOException {
        Path folder = hidden.folder().toRealPath(); // the tree below the stage is that of the real paths
        Path cover = resolve(folder);
        if (!Files.isDirectory(cover)) {
            return Optional.empty(); // in the machine's /tmp, which is not seen at all
        }
        Mounts.memory(cover.toString(), "mode=0755");
        own.add(cover);
        for (Path each : hidden.exceptions()) {
            if (Files.exists(each)) {
                Path real = each.toRealPath();
                if (real.startsWith(folder) && !real.equals(folder)) {
                    show(new Shown(real, real, false));
                }
            }
        }
        return Optional.of(cover);
    }

    private void show(Shown shown) throws IOException {
        Path place = resolve(shown.target());
        // A link of the pod's own may have led here.
        Optional<String> refusal = SystemPlaces.refusal(ROOT.resolve(stage.relativize(place)));
        if (refusal.isPresent()) {
            throw new IOException(shown.target() + ": " + refusal.get());
        }
        if (shown.below().toString().isEmpty()) {
            show(shown.source(), place, shown.readOnly());
        } else {
            try (Below opened = Below.open(shown.source(), shown.below())) {
                show(opened.place(), place, shown.readOnly());
            }
        }
    }

    private void show(Path source, Path place, boolean readOnly) throws IOException {
        if (!Files.exists(place)) {
            make(place, Files.isDirectory(source));
        }
        if (readOnly) {
            Mounts.showReadOnly(source.toString(), place.toString());
        } else {
            Mounts.show(source.toString(), place.toString());
        }
        own.add(place);
    }

    private void make(Path place, boolean folder) throws IOException {
        Path parent = parent(place);
        if (!Files.exists(parent)) {
            make(parent, true);
        }
        if (foreign(parent)) {
            mirror(ROOT.resolve(stage.relativize(parent)), parent);
        }
        if (folder) {
            Files.createDirectory(place);
        } else {
            Files.createFile(place);
        }
    }

    /** Whether the machine's own files would be changed by what is made there. */
    private boolean foreign(Path folder) {
        for (Path each = folder; !each.equals(stage); each = parent(each)) {
            if (own.contains(each)) {
                return false;
            }
            if (foreign.contains(each)) {
                return true;
            }
        }
        return false;
    }

    /** Replaces a folder by one in memory with the same entries. */
    private void mirror(Path original, Path place) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(original);
        if (!place.equals(stage)) {
            Mounts.memory(place.toString(), "mode=0755");
        }
        own.add(place);
        try (Stream<Path> entries = Files.list(original)) {
            for (Path each : (Iterable<Path>) entries::iterator) {
                entry(each, place.resolve(String.valueOf(each.getFileName())));
            }
        }
        Files.setPosixFilePermissions(place, permissions);
    }

    /** Nothing is shown of what somebody has deleted since it was listed. */
    private void entry(Path original, Path place) throws IOException {
        try {
            present(original, place);
        } catch (IOException e) {
            if (Files.exists(original, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            Files.deleteIfExists(place);
        }
    }

    private void present(Path original, Path place) throws IOException {
        if (Files.isSymbolicLink(original)) {
            Files.createSymbolicLink(place, Files.readSymbolicLink(original));
            return;
        }
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.isDirectory(original)) {
                Files.createDirectory(place);
            } else {
                Files.createFile(place);
            }
        }
        Mounts.show(original.toString(), place.toString());
        foreign.add(place);
    }

    /** Where a path of the container's leads in the stage: links are followed as the container would follow them. */
    private Path resolve(Path path) throws IOException {
        Path place = stage;
        Path left = ROOT.relativize(path.normalize());
        int links = 0;
        while (!left.toString().isEmpty()) {
            Path name = left.getName(0);
            left = left.getNameCount() == 1 ? Path.of("") : left.subpath(1, left.getNameCount());
            Path next =
                    name.toString().equals("..") ? (place.equals(stage) ? stage : parent(place)) : place.resolve(name);
            if (Files.isSymbolicLink(next)) {
                if (++links > LINKS_MAX) {
                    throw new IOException(path + " leads through too many links");
                }
                Path target = Files.readSymbolicLink(next);
                if (target.isAbsolute()) {
                    place = stage;
                    target = ROOT.relativize(target);
                }
                left = left.toString().isEmpty() ? target : target.resolve(left);
            } else {
                place = next;
            }
        }
        return place;
    }

    private Path parent(Path place) {
        Path parent = place.getParent();
        return parent == null ? stage : parent;
    }
}
