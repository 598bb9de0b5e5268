package dev.weft.cli.platform;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The files that {@code weft up} was given: what they declare is applied, what they no longer declare is deleted. A file
 * that cannot be read keeps what it declared before; a document that is refused keeps its last good state.
 *
 * <p>Each resource remembers its file in an annotation, so that what went away while nothing ran is found at the next
 * start. Owner of all state: whoever calls {@link #sync}, one caller at a time; {@link #locate} from any thread.
 */
final class DeclaredFiles {

    static final String FILE_ANNOTATION = "weft.dev/file";

    /** Where a LocalImage's relative paths begin. */
    static final String DIRECTORY_ANNOTATION = "weft.dev/directory";

    /** A resource, and the document that it was written in. */
    private record Declared(Resource resource, Document document) {}

    private final ResourceStore store;
    private final List<Path> paths;
    private final Consumer<String> report;
    private final Map<Key, Document> declared = new ConcurrentHashMap<>();
    private Set<String> reported = new HashSet<>();

    /** @param report gets one line for every change made, and every problem found, once */
    DeclaredFiles(ResourceStore store, List<Path> paths, Consumer<String> report) {
        this.store = store;
        this.paths = List.copyOf(paths);
        this.report = report;
    }

    /** Brings the store in line with the files. Returns how many resources they declare. */
    int sync() {
        Map<Key, Declared> wanted = new LinkedHashMap<>();
        Set<String> broken = new HashSet<>();
        List<Problem> problems = new ArrayList<>();
        for (Path file : files()) {
            Documents read = Documents.read(List.of(file));
            problems.addAll(read.problems());
            if (!read.problems().isEmpty()) {
                broken.add(absolute(file));
            }
            for (Document document : read.documents()) {
                Validation validation = Validation.of(document);
                problems.addAll(validation.problems());
                validation
                        .resource()
                        .ifPresentOrElse(
                                resource -> {
                                    Resource marked = marked(resource, file);
                                    wanted.put(marked.key(), new Declared(marked, document));
                                },
                                () -> broken.add(absolute(file)));
            }
        }
        wanted.values().forEach(each -> apply(each.resource(), each.document(), problems));
        prune(wanted.keySet(), broken);
        reportNew(problems);
        return wanted.size();
    }

    /** Where a field of a declared resource was written. */
    Optional<Location> locate(ResourceReference reference, String field) {
        return declared.entrySet().stream()
                .filter(entry -> entry.getKey().reference().equals(reference))
                .findFirst()
                .map(entry -> entry.getValue().locate(field));
    }

    /** The folders to watch: those named, and those of the files named. */
    Set<Path> folders() {
        Set<Path> folders = new TreeSet<>();
        for (Path path : paths) {
            Path absolute = path.toAbsolutePath().normalize();
            folders.add(Files.isDirectory(absolute) ? absolute : absolute.getParent());
        }
        return folders;
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(Documents::named)
                        .filter(Files::isRegularFile)
                        .sorted()
                        .forEach(files::add);
            } catch (IOException e) {
                report.accept(path + ": cannot be read: " + e.getMessage());
            }
        }
        return files;
    }

    private void apply(Resource resource, Document document, List<Problem> problems) {
        Key key = resource.key();
        Document before = declared.put(key, document);
        if (before != null && before.json().equals(document.json())) {
            return; // so that an edit over the API stays until the file changes
        }
        try {
            Optional<Resource> old = store.get(key);
            Resource stored = store.apply(resource);
            boolean changed = old.filter(was -> was.resourceVersion().equals(stored.resourceVersion()))
                    .isEmpty();
            if (changed && before != null) {
                report.accept(key + " changed");
            }
        } catch (RefusedException e) {
            declared.remove(key);
            List<Problem> found = e.problems().isEmpty()
                    ? List.of(new Problem(
                            document.locate(""),
                            key.reference(),
                            "",
                            e.reason().word(),
                            String.valueOf(e.getMessage()),
                            "Mend it and save the file.",
                            Problem.Severity.ERROR))
                    : e.problems().stream()
                            .map(problem -> problem.at(document.locate(problem.field())))
                            .toList();
            problems.addAll(found);
        }
    }

    private void prune(Set<Key> wanted, Set<String> broken) {
        Set<String> prefixes = new HashSet<>();
        paths.forEach(path -> prefixes.add(absolute(path)));
        for (var kind : Kinds.all()) {
            for (Resource resource : store.list(kind)) {
                String file = resource.annotations().getOrDefault(FILE_ANNOTATION, "");
                boolean owned = !resource.at("/metadata/ownerReferences").isEmpty(); // its owner's annotations, copied
                boolean ours = prefixes.contains(file) || prefixes.contains(parent(file));
                if (ours && !owned && !wanted.contains(resource.key()) && !broken.contains(file)) {
                    store.delete(resource.key());
                    declared.remove(resource.key());
                    report.accept(resource.key() + " deleted: " + file + " no longer declares it");
                }
            }
        }
    }

    private void reportNew(List<Problem> problems) {
        Set<String> now = new HashSet<>();
        for (Problem problem : problems) {
            String text = problem.toString();
            if (now.add(text) && !reported.contains(text)) {
                report.accept(text);
            }
        }
        reported = now;
    }

    private static Resource marked(Resource resource, Path file) {
        var json = resource.edit();
        var annotations = json.withObject("/metadata/annotations");
        annotations.put(FILE_ANNOTATION, absolute(file));
        if (resource.kind().equals(Kinds.LOCAL_IMAGE)) {
            annotations.put(DIRECTORY_ANNOTATION, parent(absolute(file)));
        }
        return new Resource(resource.kind(), json);
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    private static String parent(String file) {
        return file.isEmpty() ? "" : file.substring(0, Math.max(0, file.lastIndexOf('/')));
    }
}
