package dev.weft.resources.schema;

import dev.weft.resources.schema.ObjectType.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the files of schemas. A line begins a type or a kind, or is a field of the one before, or a remark, or empty:
 *
 * <pre>
 * kind apps/v1 Deployment: Keeps a number of equal pods running.
 *   spec DeploymentSpec: How many pods, and which.
 * type DeploymentSpec: How many pods, and which.
 *   replicas integer: How many; 1 by default.
 *   selector! LabelSelector: Which pods are its own.
 * </pre>
 *
 * <p>{@code !} marks a field that has to be there, {@code [T]} a list, {@code {T}} a map, {@code extends} a type that has the
 * fields of another too, and {@code v1alpha3,v1alpha2} a kind that is the same in several versions.
 */
final class SchemaText {

    private static final Pattern TYPE = Pattern.compile("type (\\S+?)(?: extends (\\S+))?: (.+)");
    private static final Pattern KIND = Pattern.compile("kind (?:(\\S+)/)?(\\S+) (\\S+): (.+)");
    private static final Pattern FIELD = Pattern.compile("  ([^\\s!]+)(!?) (\\S+): (.+)");

    /** A type as it is written, with the name of the one whose fields it has too. */
    private record Written(String name, String parent, String description, Map<String, Field> fields) {}

    private final Map<String, Written> types = new LinkedHashMap<>();
    private final Map<String, Written> kinds = new LinkedHashMap<>();

    /** @throws IllegalArgumentException for a line that is none of those */
    void read(String file, String text) {
        @Nullable Written open = null;
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            Matcher field = FIELD.matcher(line);
            if (open != null && field.matches()) {
                open.fields.put(
                        field.group(1),
                        new Field(holds(field.group(3)), field.group(2).equals("!"), field.group(4)));
                continue;
            }
            open = type(line)
                    .or(() -> kind(line))
                    .orElseThrow(() -> new IllegalArgumentException(file + ": not understood: " + line));
        }
    }

    /** The kinds by group, version and name, as in {@code apps/v1 Deployment}. */
    Map<String, ObjectType> kinds() {
        Map<String, ObjectType> complete = new LinkedHashMap<>();
        kinds.forEach((key, kind) -> {
            Map<String, Field> fields = new LinkedHashMap<>();
            fields.put("apiVersion", text("The group and version of this document: " + key.split(" ", 2)[0] + "."));
            fields.put("kind", text("What this document describes: " + kind.name() + "."));
            fields.put(
                    "metadata",
                    new Field(
                            new FieldType.Named("ObjectMeta"),
                            false,
                            "Name, namespace, labels, annotations and what the server keeps about it."));
            kind.fields().forEach(fields::put);
            complete.put(key, new ObjectType(kind.name(), kind.description(), fields));
        });
        return complete;
    }

    /** The types by name, with the fields of those that they extend. */
    Map<String, ObjectType> types() {
        Map<String, ObjectType> complete = new LinkedHashMap<>();
        types.forEach((name, type) -> complete.put(name, new ObjectType(name, type.description(), fields(type))));
        return complete;
    }

    private Map<String, Field> fields(Written type) {
        Map<String, Field> fields = new LinkedHashMap<>();
        if (!type.parent().isEmpty()) {
            Written parent = types.get(type.parent());
            if (parent == null) {
                throw new IllegalArgumentException(type.name() + " extends " + type.parent() + ", which is no type");
            }
            fields.putAll(fields(parent));
        }
        fields.putAll(type.fields());
        return fields;
    }

    private Optional<Written> type(String line) {
        Matcher matcher = TYPE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String parent = Optional.ofNullable(matcher.group(2)).orElse("");
        Written type = new Written(matcher.group(1), parent, matcher.group(3), new LinkedHashMap<>());
        if (types.put(type.name(), type) != null) {
            throw new IllegalArgumentException(type.name() + " is described twice");
        }
        return Optional.of(type);
    }

    private Optional<Written> kind(String line) {
        Matcher matcher = KIND.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String group = Optional.ofNullable(matcher.group(1)).map(it -> it + "/").orElse("");
        Written kind = new Written(matcher.group(3), "", matcher.group(4), new LinkedHashMap<>());
        Stream.of(matcher.group(2).split(",")).forEach(version -> kinds.put(group + version + " " + kind.name(), kind));
        return Optional.of(kind);
    }

    private static FieldType holds(String word) {
        String inner = word.substring(1, Math.max(1, word.length() - 1));
        if (word.startsWith("[")) {
            return new FieldType.ListOf(holds(inner));
        }
        if (word.startsWith("{")) {
            return new FieldType.MapOf(holds(inner));
        }
        return Stream.of(FieldType.Scalar.values())
                .filter(scalar -> scalar.word().equals(word))
                .map(FieldType.class::cast)
                .findFirst()
                .orElseGet(() -> new FieldType.Named(word));
    }

    private static Field text(String description) {
        return new Field(FieldType.Scalar.STRING, false, description);
    }
}
