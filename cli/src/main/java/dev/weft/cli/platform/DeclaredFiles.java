package dev.weft.cli.platform;

import dev.weft.apiserver.admission.DeniedException;
import dev.weft.apiserver.admission.DocumentCheck;
import dev.weft.apiserver.admission.GatedWrites;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.definition.CustomResourceDefinition;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The files that {@code weft up} was given: what they declare is applied, what they no longer declare is deleted. A file
 * or folder that cannot be read keeps what it declared before; a document that is refused keeps its last good state. Only
 * what two looks a second apart have missed is deleted, as editors take a file away and write it again.
 *
 * <p>Each resource remembers its file in an annotation, so that what went away while nothing ran is found at the next
 * start; another one says that this resource was declared, which a copy under another name was not. Owner of all state: whoever calls {@link #sync}, one caller at a time; {@link #locate} from any thread.
 */
final class DeclaredFiles {

    static final String FILE_ANNOTATION = "weft.dev/file";

    /** Where a LocalImage's relative paths begin. */
    static final String DIRECTORY_ANNOTATION = "weft.dev/directory";

    private static final String DECLARED_ANNOTATION = "weft.dev/declared";
    private static final Duration MISSED_FOR = Duration.ofMillis(900); // two looks a second apart, roughly

    /** A resource, and the document that it was written in. */
    private record Declared(Resource resource, Document document) {}

    private final SqliteStore store;
    private final GatedWrites writes;
    private final List<Path> paths;
    private final Consumer<String> report;
    private final Map<Key, Document> declared = new ConcurrentHashMap<>();
    private final LongSupplier nanos;
    private final Map<Key, Long> missed = new HashMap<>(); // since when, by nanos
    private final Set<Key> held = new HashSet<>(); // of those missed, what a policy or a webhook does not let go
    private boolean unasked; // whether a webhook was to be asked and could not be
    private final Map<Path, Object> identities = new HashMap<>(); // of folders that had files
    private Set<String> reported = new HashSet<>();

    /**
     * Of these files and folders.
     *
     * @param report gets one line for every change made, and every problem found, once
     * @param nanos as {@link System#nanoTime}
     */
    DeclaredFiles(SqliteStore store, List<Path> paths, Consumer<String> report, LongSupplier nanos) {
        this.nanos = nanos;
        this.store = store;
        this.writes = new GatedWrites(store);
        this.paths = List.copyOf(paths);
        this.report = report;
    }

    /** Brings the store in line with the files. Returns how many resources they declare. */
    int sync() {
        Map<Key, Declared> wanted = new LinkedHashMap<>();
        Set<String> broken = new HashSet<>();
        List<Problem> problems = new ArrayList<>();
        Map<Path, List<Document>> documents = new LinkedHashMap<>();
        for (Path file : files(broken, problems)) {
            Documents read = Documents.read(List.of(file));
            problems.addAll(read.problems());
            if (!read.problems().isEmpty()) {
                broken.add(absolute(file));
            }
            documents.put(file, read.documents());
        }
        DocumentCheck check = new DocumentCheck(() -> definitions(documents.values()), store::get);
        documents.forEach((file, inside) -> inside.forEach(document -> {
            Validation validation = check.of(document);
            problems.addAll(validation.problems());
            validation
                    .resource()
                    .ifPresentOrElse(
                            resource -> {
                                Resource marked = marked(resource, file);
                                wanted.put(marked.key(), new Declared(marked, document));
                            },
                            () -> broken.add(absolute(file)));
        }));
        unasked = false;
        wanted.values().stream()
                .sorted(Comparator.comparingInt(each -> order(each.resource().kind())))
                .forEach(each -> apply(each, check, problems));
        prune(wanted.keySet(), broken, problems);
        reportNew(problems);
        return wanted.size();
    }

    /** Whether something is missed that the next look may delete, or a webhook has to be asked again: in a second, best. */
    boolean undecided() {
        return unasked || !held.containsAll(missed.keySet());
    }

    /** What defines a kind comes before what is of it, policies before what they judge, and webhooks after what serves them. */
    private static int order(Kind kind) {
        if (kind.equals(Kinds.CUSTOM_RESOURCE_DEFINITION)) {
            return 0;
        }
        if (kind.equals(Kinds.ADMISSION_POLICY) || kind.equals(Kinds.ADMISSION_POLICY_BINDING)) {
            return 1;
        }
        return kind.equals(Kinds.MUTATING_WEBHOOKS) || kind.equals(Kinds.VALIDATING_WEBHOOKS) ? 3 : 2;
    }

    /** What defines kinds once these files count: their own definitions, and those of others that are there. */
    private List<Resource> definitions(Collection<List<Document>> documents) {
        Map<Key, Resource> definitions = new LinkedHashMap<>();
        store.list(Kinds.CUSTOM_RESOURCE_DEFINITION).stream()
                .filter(it -> !isOurs(it))
                .forEach(it -> definitions.put(it.key(), it));
        documents.forEach(inside -> DocumentCheck.definitions(inside).forEach(it -> definitions.put(it.key(), it)));
        return List.copyOf(definitions.values());
    }

    /** Where a field of a declared resource was written. */
    Optional<Location> locate(ResourceReference reference, String field) {
        return declared.entrySet().stream()
                .filter(entry -> entry.getKey().reference().equals(reference))
                .findFirst()
                .map(entry -> entry.getValue().locate(field));
    }

    /** The folders to watch: those named, those of the files named, and both for what is not there. */
    Set<Path> folders() {
        Set<Path> folders = new TreeSet<>();
        for (Path path : paths) {
            Path absolute = path.toAbsolutePath().normalize();
            if (!Files.isRegularFile(absolute)) {
                folders.add(absolute);
            }
            if (!Files.isDirectory(absolute)) {
                folders.add(absolute.getParent());
            }
        }
        return folders;
    }

    /** @param broken gets the folders of which nothing is known */
    private List<Path> files(Set<String> broken, List<Problem> problems) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.isDirectory(path)) {
                files.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                List<Path> found = inside.filter(Documents::named)
                        .filter(file -> !Files.isDirectory(file))
                        .sorted()
                        .toList();
                if (!sameFolder(path, found)) {
                    broken.add(absolute(path));
                }
                files.addAll(found);
            } catch (IOException | UncheckedIOException e) {
                broken.add(absolute(path));
                problems.add(new Problem(
                        new Location(path.toString(), 0, 0),
                        ResourceReference.NONE,
                        "",
                        "Unreadable",
                        "the folder cannot be read: " + e.getMessage() + ".",
                        "Check its permissions; what it declared stays meanwhile.",
                        Problem.Severity.ERROR));
            }
        }
        return files;
    }

    /** A folder without files that is another than the one which had some: where a mount was, perhaps. */
    private boolean sameFolder(Path folder, List<Path> found) throws IOException {
        Object identity = Optional.ofNullable(
                        Files.readAttributes(folder, BasicFileAttributes.class).fileKey())
                .orElse(folder);
        if (!found.isEmpty()) {
            identities.put(folder, identity);
        }
        return identities.getOrDefault(folder, identity).equals(identity);
    }

    private void apply(Declared wanted, DocumentCheck check, List<Problem> problems) {
        Resource resource = wanted.resource();
        Document document = wanted.document();
        Key key = resource.key();
        Document before = declared.put(key, document);
        if (before != null && before.json().equals(document.json())) {
            return; // so that an edit over the API stays until the file changes
        }
        boolean applied = false;
        try {
            Optional<Resource> old = store.get(key);
            Resource stored = writes.apply(
                    resource,
                    changed -> checked(changed, document, check),
                    warning -> problems.add(warned(document.locate(""), key, warning)));
            applied = true;
            boolean changed = old.filter(was -> was.resourceVersion().equals(stored.resourceVersion()))
                    .isEmpty();
            if (changed && before != null) {
                report.accept(key + " changed");
            }
        } catch (RefusedException e) {
            List<Problem> found = e.problems().isEmpty()
                    ? List.of(problem(
                            document.locate(""),
                            key,
                            e.reason().word(),
                            String.valueOf(e.getMessage()),
                            "Mend it and save the file.",
                            Problem.Severity.ERROR))
                    : e.problems().stream()
                            .map(problem -> problem.at(document.locate(problem.field())))
                            .toList();
            problems.addAll(found);
        } catch (DeniedException e) {
            problems.add(denied(document.locate(e.field()), key, e));
        } finally {
            if (!applied) {
                declared.remove(key); // it was there only so that verdicts find their place
            }
        }
    }

    /** What a webhook has changed, judged as if the file said so. */
    private static Resource checked(Resource changed, Document document, DocumentCheck check) {
        Validation judged = check.of(new Document(changed.edit(), document.positions()));
        return judged.resource()
                .orElseThrow(() -> new RefusedException(
                        RefusedException.Reason.INVALID, "a mutating webhook made it wrong", judged.problems()));
    }

    private Problem denied(Location place, Key key, DeniedException e) {
        unasked |= e.isUnasked();
        String remedy = e.isUnasked()
                ? "It is asked again every second; with failurePolicy: Ignore it need not be."
                : "Mend it, or change who denies it; then save it, or another file that weft up reads, again.";
        return problem(place, key, e.reason(), e.text(), remedy, Problem.Severity.ERROR);
    }

    private static Problem warned(Location place, Key key, String warning) {
        return problem(
                place,
                key,
                "Warned",
                warning,
                "It was done; whoever warns may deny it later.",
                Problem.Severity.WARNING);
    }

    private static Problem problem(
            Location place, Key key, String reason, String message, String remedy, Problem.Severity severity) {
        return new Problem(place, key.reference(), "", reason, message, remedy, severity);
    }

    private void prune(Set<Key> wanted, Set<String> broken, List<Problem> problems) {
        Stream<Kind> defined = store.list(Kinds.CUSTOM_RESOURCE_DEFINITION).stream()
                .flatMap(it -> CustomResourceDefinition.read(it).value().stream())
                .map(CustomResourceDefinition::kind);
        List<Resource> missing = Stream.concat(defined, Kinds.served().stream())
                .distinct()
                .flatMap(kind -> store.list(kind).stream())
                .filter(this::isOurs)
                .filter(it -> it.at("/metadata/ownerReferences").isEmpty()) // its owner's annotations, copied
                .filter(it -> !wanted.contains(it.key()))
                .filter(it -> !within(file(it), broken) && !within(lastFile(it), broken))
                .toList();
        missed.keySet().retainAll(missing.stream().map(Resource::key).toList());
        held.clear();
        long now = nanos.getAsLong();
        for (Resource resource : missing) {
            Long since = missed.putIfAbsent(resource.key(), now);
            if (since != null && now - since >= MISSED_FOR.toNanos()) {
                delete(resource, problems);
            }
        }
    }

    private void delete(Resource resource, List<Problem> problems) {
        Key key = resource.key();
        Location place = new Location(file(resource), 0, 0);
        try {
            writes.delete(key, warning -> problems.add(warned(place, key, warning)));
        } catch (DeniedException e) {
            problems.add(denied(place, key, e));
            held.add(key);
            return;
        }
        declared.remove(key);
        missed.remove(key);
        report.accept(key + " deleted: " + file(resource) + " no longer declares it");
    }

    /** Whether the file, or a folder that it is in, is one of these. */
    private static boolean within(String file, Set<String> paths) {
        for (String path = file; !path.isEmpty(); path = parent(path)) {
            if (paths.contains(path)) {
                return true;
            }
        }
        return paths.contains("/");
    }

    /** Whether one of the files that were named declares it, or did. */
    private boolean isOurs(Resource resource) {
        String file = file(resource);
        boolean declaredItself =
                sign(resource.key()).equals(resource.annotations().get(DECLARED_ANNOTATION));
        return declaredItself
                && paths.stream()
                        .map(DeclaredFiles::absolute)
                        .anyMatch(it -> it.equals(file) || it.equals(parent(file)));
    }

    /** Where it was read last: the annotation is older when its document has only moved. */
    private String lastFile(Resource resource) {
        return Optional.ofNullable(declared.get(resource.key()))
                .map(document -> absolute(Path.of(document.locate("").source())))
                .orElse("");
    }

    private static String file(Resource resource) {
        return resource.annotations().getOrDefault(FILE_ANNOTATION, "");
    }

    /** Says which resource it is, in a way that no replacing of its name changes along with it. */
    private static String sign(Key key) {
        byte[] text = (key.kind().group() + "/" + key).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(text).toString();
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
        annotations.put(DECLARED_ANNOTATION, sign(resource.key()));
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
