package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.Optional;

/**
 * All entries of a ConfigMap or a Secret as environment variables.
 *
 * @param prefix put before each name, may be empty
 * @param secret true for a Secret, false for a ConfigMap
 * @param optional whether it may be missing
 */
public record EnvFrom(String prefix, boolean secret, String name, boolean optional) {

    public static EnvFrom of(Fields fields) {
        String prefix = fields.text("prefix", "");
        Optional<EnvFrom> configMap = fields.object("configMapRef", ref -> named(prefix, false, ref));
        Optional<EnvFrom> secret = fields.object("secretRef", ref -> named(prefix, true, ref));
        if (configMap.isPresent() == secret.isPresent()) {
            fields.invalid("", "exactly one of configMapRef and secretRef is wanted.", "Give one of them.");
        }
        return configMap.or(() -> secret).orElse(new EnvFrom(prefix, false, "", true));
    }

    private static EnvFrom named(String prefix, boolean secret, Fields ref) {
        return new EnvFrom(prefix, secret, ref.requiredText("name"), ref.flag("optional", false));
    }
}
