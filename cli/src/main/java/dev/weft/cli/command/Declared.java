package dev.weft.cli.command;

import dev.weft.apiserver.admission.DocumentCheck;
import dev.weft.cli.client.Refusal;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What files declare, read before anything is sent.
 *
 * @param entries what can be sent
 * @param problems all that was found, errors and warnings
 */
record Declared(List<Entry> entries, List<Problem> problems) {

    /**
     * @param directory where relative paths in it begin
     */
    record Entry(Resource resource, Document document, Path directory) {
        boolean isDefinition() {
            return resource.kind().equals(Kinds.CUSTOM_RESOURCE_DEFINITION);
        }
    }

    /** One document, and where relative paths in it begin. */
    private record Found(Document document, Path directory) {}

    /**
     * Reads files, folders, and standard input where the path is {@code -}. What defines kinds comes first.
     *
     * @param others CustomResourceDefinitions beside those that are declared here; asked for when they are needed
     */
    static Declared read(List<Path> paths, Supplier<List<Resource>> others) {
        if (paths.isEmpty()) {
            throw Refusal.impossible("name a file or folder with -f, or - for standard input");
        }
        List<Found> found = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path path : paths) {
            boolean stdin = path.toString().equals("-");
            Documents read = stdin ? Documents.read("stdin", System.in) : Documents.read(List.of(path));
            Path absolute = path.toAbsolutePath().normalize();
            boolean folder = !stdin && Files.isDirectory(path);
            Path directory = stdin ? Path.of("").toAbsolutePath() : folder ? absolute : parent(absolute);
            problems.addAll(read.problems());
            read.documents().forEach(it -> found.add(new Found(it, directory)));
        }
        List<Document> documents = found.stream().map(Found::document).toList();
        DocumentCheck check = new DocumentCheck(() -> definitions(documents, others), key -> Optional.empty());
        List<Entry> entries = new ArrayList<>();
        for (Found each : found) {
            Validation validation = check.of(each.document());
            problems.addAll(validation.problems());
            validation.resource().ifPresent(it -> entries.add(new Entry(it, each.document(), each.directory())));
        }
        entries.sort(Comparator.comparing(entry -> !entry.isDefinition()));
        return new Declared(entries, problems);
    }

    /** Prints every problem; true when none is an error. */
    boolean report(PrintWriter err) {
        problems.forEach(err::println);
        return good();
    }

    /** Whether no problem is an error. */
    boolean good() {
        return problems.stream().noneMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }

    /** Those that are declared count more than others of the same name. */
    private static List<Resource> definitions(List<Document> documents, Supplier<List<Resource>> others) {
        List<Resource> declared = DocumentCheck.definitions(documents);
        return Stream.concat(
                        declared.stream(),
                        others.get().stream()
                                .filter(it -> declared.stream()
                                        .noneMatch(own -> own.key().equals(it.key()))))
                .toList();
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }
}
