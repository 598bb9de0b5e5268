package dev.weft.resources.document;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes a stream apart at its {@code ---} lines and reads each document by itself, so that a mistake in one never hides
 * the next. (A line that begins with three dashes ends a document wherever it stands: YAML 1.2.2 §9.1.2.)
 */
final class YamlReader {

    private final String source;
    private final List<Document> documents = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    YamlReader(String source) {
        this.source = source;
    }

    Documents read(String text) {
        StringBuilder chunk = new StringBuilder();
        int firstLine = 1;
        int line = 1;
        for (String content : text.split("\n", -1)) {
            boolean marker = content.startsWith("---") && (content.length() == 3 || content.charAt(3) <= ' ');
            if (marker || content.startsWith("...")) {
                readDocument(chunk.toString(), firstLine);
                chunk.setLength(0);
                firstLine = line;
                chunk.append("   ").append(content, 3, content.length()).append('\n');
            } else {
                chunk.append(content.startsWith("%") ? "" : content).append('\n');
            }
            line++;
        }
        chunk.setLength(chunk.length() - 1);
        readDocument(chunk.toString(), firstLine);
        return new Documents(documents, problems);
    }

    private void readDocument(String text, int firstLine) {
        YamlComposer composer = new YamlComposer(source, firstLine);
        try {
            Optional<JsonNode> root = composer.compose(text);
            if (root.isEmpty()) {
                return;
            }
            if (root.get() instanceof ObjectNode json) {
                documents.add(new Document(json, composer.positions()));
                return;
            }
            report(composer.start(), "the document is not a mapping.", "Begin it with apiVersion: and kind:.");
        } catch (YamlComposer.RefusedDocument e) {
            report(e.location(), e.reason(), e.remedy());
        } catch (MarkedYamlEngineException e) {
            Location location = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(mark -> locate(mark, firstLine))
                    .orElse(composer.start());
            Optional<YamlComposer.Open> open = composer.innermostOpen();
            if (open.isPresent() && e.getProblem().contains("<stream end>")) {
                String closing = open.get().closing();
                report(
                        location,
                        "expected '" + closing + "' before the end of the document",
                        "Close the bracket that opens at " + open.get().location() + ".");
                return;
            }
            report(location, describe(e), remedy(e));
        } catch (YamlEngineException e) {
            report(composer.start(), "not YAML: " + e.getMessage(), "Mend the text.");
        }
    }

    private Location locate(Mark mark, int firstLine) {
        return new Location(source, mark.getLine() + firstLine, mark.getColumn() + 1);
    }

    private static String describe(MarkedYamlEngineException e) {
        String problem = e.getProblem().replace("<stream end>", "the end of the document");
        String context = e.getContext();
        return problem + (context == null || context.isEmpty() ? "" : " (" + context + ")");
    }

    private static String remedy(MarkedYamlEngineException e) {
        String problem = e.getProblem().toLowerCase(Locale.ROOT);
        if (problem.contains("mapping values are not allowed")) {
            return "Check the indentation, and quote a value that holds \": \".";
        }
        if (problem.contains("'\\t'") || problem.contains("tab")) {
            return "Indent with spaces; YAML takes no tabs.";
        }
        if (problem.contains("block end") || problem.contains("block mapping")) {
            return "Check the indentation of this line against the ones above.";
        }
        return "Check the brackets, quotes and indentation up to here.";
    }

    private void report(Location location, String message, String remedy) {
        problems.add(new Problem(
                location, ResourceReference.NONE, "", "SyntaxError", message, remedy, Problem.Severity.ERROR));
    }
}
