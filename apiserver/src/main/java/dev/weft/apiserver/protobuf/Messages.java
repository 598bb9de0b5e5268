package dev.weft.apiserver.protobuf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The messages that are known, from {@code messages.txt} beside this class. */
final class Messages {

    /**
     * One field of a message.
     *
     * @param type a word of the list, or the name of a message
     * @param pointer whether a zero is meant, and not just the way Go writes an absent value
     */
    record Field(int number, String name, String type, boolean repeated, boolean pointer) {}

    private static final Pattern FIELD = Pattern.compile("(\\w+)=(\\d+)(?::(\\w+))?([*?]?)");
    private static final Map<String, List<Field>> ALL = load();

    private Messages() {}

    static Optional<List<Field>> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, List<Field>> load() {
        try (InputStream in = Objects.requireNonNull(Messages.class.getResourceAsStream("messages.txt"))) {
            Map<String, List<Field>> messages = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .forEach(line -> read(line, messages));
            return messages;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(String line, Map<String, List<Field>> into) {
        int end = line.indexOf(' ');
        String name = end < 0 ? line : line.substring(0, end);
        List<Field> fields = new ArrayList<>();
        Matcher field = FIELD.matcher(line);
        while (field.find()) {
            String type = Objects.requireNonNullElse(field.group(3), "string");
            String mark = field.group(4);
            fields.add(new Field(
                    Integer.parseInt(field.group(2)), field.group(1), type, mark.equals("*"), mark.equals("?")));
        }
        into.put(name, List.copyOf(fields));
    }
}
