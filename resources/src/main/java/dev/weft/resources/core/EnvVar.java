package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.Optional;

/** One environment variable of a container. */
public record EnvVar(String name, Source source) {

    /** Where its value comes from. */
    public sealed interface Source {

        /** As written, with {@code $(OTHER)} references not yet replaced. */
        record Value(String value) implements Source {}

        record SecretKey(String secret, String key, boolean optional) implements Source {}

        record ConfigMapKey(String configMap, String key, boolean optional) implements Source {}

        /** A field of the pod itself, such as {@code metadata.name} or {@code status.podIP}. */
        record FieldPath(String path) implements Source {}
    }

    public static EnvVar of(Fields fields) {
        String name = fields.requiredText("name");
        if (name.contains("=") || name.indexOf(0) >= 0) {
            fields.invalid("name", "\"" + name + "\" is no name of a variable.", "Leave out = and control characters.");
        }
        Optional<Source> from = fields.object("valueFrom", EnvVar::from);
        if (from.isPresent() && fields.has("value")) {
            fields.invalid("value", "given beside valueFrom.", "Give one of them.");
        }
        Source literal = new Source.Value(fields.text("value", ""));
        return new EnvVar(name, from.orElse(literal));
    }

    private static Source from(Fields from) {
        Optional<Source> secret = from.object(
                "secretKeyRef",
                ref -> new Source.SecretKey(
                        ref.requiredText("name"), ref.requiredText("key"), ref.flag("optional", false)));
        Optional<Source> configMap = from.object(
                "configMapKeyRef",
                ref -> new Source.ConfigMapKey(
                        ref.requiredText("name"), ref.requiredText("key"), ref.flag("optional", false)));
        Optional<Source> field = from.object("fieldRef", ref -> {
            ref.inert("apiVersion");
            return new Source.FieldPath(ref.requiredText("fieldPath"));
        });
        from.unsupported("resourceFieldRef", "fileKeyRef");
        if (secret.isEmpty() && configMap.isEmpty() && field.isEmpty()) {
            from.missing("secretKeyRef", "{name, key}, or configMapKeyRef, or fieldRef");
        }
        return secret.or(() -> configMap).or(() -> field).orElse(new Source.Value(""));
    }
}
