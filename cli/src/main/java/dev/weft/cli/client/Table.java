package dev.weft.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Rows under headings: aligned columns for people, a list of objects for machines. */
public final class Table {

    private static final String GAP = "   ";

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public Table row(Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("row: " + cells.length + " cells (expected: " + headings.size() + ")");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    public String print(OutputFormat format) {
        return switch (format) {
            case TABLE -> aligned();
            case JSON -> Texts.json(objects());
            case YAML -> Texts.yaml(objects());
        };
    }

    private String aligned() {
        int[] widths = new int[headings.size()];
        measure(headings, widths);
        rows.forEach(row -> measure(row, widths));
        StringBuilder text = new StringBuilder();
        line(headings, widths, text);
        rows.forEach(row -> line(row, widths, text));
        return text.toString();
    }

    private ArrayNode objects() {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (List<String> row : rows) {
            var object = list.addObject();
            for (int column = 0; column < row.size(); column++) {
                object.put(field(headings.get(column)), row.get(column));
            }
        }
        return list;
    }

    /** {@code SUCCESS RATE} becomes {@code successRate}. */
    private static String field(String heading) {
        StringBuilder name = new StringBuilder();
        for (String word : heading.toLowerCase(Locale.ROOT).split("[ _-]+", -1)) {
            name.append(
                    name.isEmpty() || word.isEmpty()
                            ? word
                            : Character.toUpperCase(word.charAt(0)) + word.substring(1));
        }
        return name.toString();
    }

    private static void measure(List<String> row, int[] widths) {
        for (int column = 0; column < widths.length; column++) {
            widths[column] = Math.max(widths[column], row.get(column).length());
        }
    }

    private static void line(List<String> row, int[] widths, StringBuilder text) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }
}
