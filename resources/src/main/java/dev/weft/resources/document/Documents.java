package dev.weft.resources.document;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What was found in some text: the documents that could be read, and a problem for everything that could not. A {@code
 * List} is taken apart into its items; empty documents are left out.
 */
public record Documents(List<Document> documents, List<Problem> problems) {

    /** The largest text that is read. */
    public static final int BYTES_MAX = 3 * 1024 * 1024;

    public Documents {
        documents = List.copyOf(documents);
        problems = List.copyOf(problems);
    }

    /**
     * Reads YAML or JSON.
     *
     * @param source for messages: a file's name as the person gave it, or {@code stdin}
     */
    public static Documents parse(String source, String text) {
        if (text.length() > BYTES_MAX) {
            return refused(source, "TooLarge", "the text is larger than 3 MiB.", "Split it into several files.");
        }
        Documents parsed = new YamlReader(source).read(text);
        List<Document> documents = new ArrayList<>();
        parsed.documents.forEach(document -> addItems(document, documents));
        return new Documents(documents, parsed.problems);
    }

    /**
     * Reads files, and the files in folders whose names end in {@code .yaml}, {@code .yml} or {@code .json}, in order of
     * their names; folders inside folders are left out, as {@code kubectl apply -f} does.
     */
    public static Documents read(List<Path> paths) {
        List<Document> documents = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (Path path : paths) {
            Documents read = Files.isDirectory(path) ? readFolder(path) : readFile(path);
            documents.addAll(read.documents);
            problems.addAll(read.problems);
        }
        return new Documents(documents, problems);
    }

    /** Reads a stream to its end, but no more than the largest text. */
    public static Documents read(String source, InputStream stream) {
        try {
            byte[] bytes = stream.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                return refused(source, "TooLarge", "the text is larger than 3 MiB.", "Split it into several files.");
            }
            return parse(
                    source,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            return refused(source, "SyntaxError", "the text is not UTF-8.", "Save it as UTF-8.");
        } catch (IOException e) {
            return refused(source, "Unreadable", "cannot be read: " + e.getMessage() + ".", "Check its permissions.");
        }
    }

    /** Whether {@link #read(List)} would take this file of a folder. */
    public static boolean named(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean hidden = name.startsWith(".");
        return !hidden && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
    }

    private static Documents readFolder(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return read(files.filter(Documents::named)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList());
        } catch (IOException e) {
            return refused(folder.toString(), "Unreadable", "cannot be read: " + e + ".", "Check its permissions.");
        }
    }

    private static Documents readFile(Path file) {
        if (!Files.exists(file)) {
            return refused(file.toString(), "NotFound", "there is no such file or folder.", "Check the path.");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            return read(file.toString(), stream);
        } catch (IOException e) {
            return refused(file.toString(), "Unreadable", "cannot be read: " + e + ".", "Check its permissions.");
        }
    }

    private static void addItems(Document document, List<Document> into) {
        JsonNode items = document.json().path("items");
        boolean list = document.json().path("kind").asString("").equals("List") && items.isArray();
        if (!list) {
            into.add(document);
            return;
        }
        for (int i = 0; i < items.size(); i++) {
            if (items.get(i) instanceof ObjectNode item) {
                into.add(new Document(item, document.positions().within("items[" + i + "]")));
            }
        }
    }

    private static Documents refused(String source, String reason, String message, String remedy) {
        Location location = new Location(source, 0, 0);
        return new Documents(
                List.of(),
                List.of(new Problem(
                        location, ResourceReference.NONE, "", reason, message, remedy, Problem.Severity.ERROR)));
    }
}
