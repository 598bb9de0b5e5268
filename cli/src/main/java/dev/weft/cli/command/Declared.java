package dev.weft.cli.command;

import dev.weft.cli.client.Refusal;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.document.Documents;
import dev.weft.resources.validation.Validation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    record Entry(Resource resource, Document document, Path directory) {}

    /** Reads files, folders, and standard input where the path is {@code -}. */
    static Declared read(List<Path> paths) {
        if (paths.isEmpty()) {
            throw Refusal.impossible("name a file or folder with -f, or - for standard input");
        }
        List<Entry> entries = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path path : paths) {
            boolean stdin = path.toString().equals("-");
            Documents read = stdin ? Documents.read("stdin", System.in) : Documents.read(List.of(path));
            Path absolute = path.toAbsolutePath().normalize();
            boolean folder = !stdin && java.nio.file.Files.isDirectory(path);
            Path directory = stdin ? Path.of("").toAbsolutePath() : folder ? absolute : parent(absolute);
            problems.addAll(read.problems());
            for (Document document : read.documents()) {
                Validation validation = Validation.of(document);
                problems.addAll(validation.problems());
                validation.resource().ifPresent(resource -> entries.add(new Entry(resource, document, directory)));
            }
        }
        return new Declared(entries, problems);
    }

    /** Prints every problem; true when none is an error. */
    boolean report(PrintWriter err) {
        problems.forEach(err::println);
        return problems.stream().noneMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        return parent == null ? path : parent;
    }
}
