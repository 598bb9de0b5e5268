package dev.weft.resources.schema;

import dev.weft.resources.schema.FieldType.ListOf;
import dev.weft.resources.schema.FieldType.MapOf;
import dev.weft.resources.schema.FieldType.Named;
import dev.weft.resources.schema.FieldType.Scalar;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/** The schemas of all kinds that are known from the start. The only source of what {@code kubectl explain} says of them. */
public final class KindSchemas {

    private static final List<String> FILES = List.of(
            "meta",
            "pod",
            "volumes",
            "placement",
            "core",
            "apps",
            "access",
            "admission",
            "definition",
            "knative",
            "emissary",
            "linkerd",
            "smi",
            "openslo",
            "weft");

    /** Read when the first schema is asked for: a data plane alone never does. */
    private static final class Known {
        static final Map<String, ObjectType> TYPES;
        static final Map<String, ObjectType> KINDS;

        static {
            SchemaText text = new SchemaText();
            FILES.forEach(file -> text.read(file, content(file + ".txt")));
            TYPES = text.types();
            KINDS = text.kinds();
        }
    }

    private KindSchemas() {}

    /** The kind's documents in that version; empty for a kind that nobody described. */
    public static Optional<ObjectType> find(String apiVersion, String kind) {
        return Optional.ofNullable(Known.KINDS.get(apiVersion + " " + kind));
    }

    /** Every kind that is described, as in {@code apps/v1 Deployment}. */
    public static Set<String> described() {
        return Known.KINDS.keySet();
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static ObjectType type(String name) {
        ObjectType type = Known.TYPES.get(name);
        if (type == null) {
            throw new IllegalArgumentException(name + " is a type that no file describes");
        }
        return type;
    }

    /** The types that the fields of this one name, and those that their fields name, and so on. */
    public static SequencedSet<String> typesBelow(ObjectType type) {
        SequencedSet<String> names = new LinkedHashSet<>();
        collect(type, names);
        return names;
    }

    private static void collect(ObjectType type, SequencedSet<String> names) {
        for (ObjectType.Field field : type.fields().values()) {
            named(field.type()).filter(names::add).ifPresent(name -> collect(type(name), names));
        }
    }

    /** The type of the objects in a field. */
    private static Optional<String> named(FieldType type) {
        return switch (type) {
            case Scalar scalar -> Optional.empty();
            case ListOf list -> named(list.item());
            case MapOf map -> named(map.value());
            case Named name -> Optional.of(name.type());
        };
    }

    private static String content(String file) {
        try (InputStream stream = KindSchemas.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException(file + " is missing in this build");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
