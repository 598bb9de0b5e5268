package dev.weft.cli.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Where an API is and what it asks for, read from the file that {@code weft up} leaves in its data directory.
 *
 * @param server for example {@code https://127.0.0.1:7443}
 * @param authorityPem the certificate that the server's is signed by
 * @param token sent as {@code Authorization: Bearer}
 */
public record Kubeconfig(String server, String authorityPem, String token) {

    /** Reads {@code DIR/kubeconfig}. */
    public static Kubeconfig of(Path dataDirectory) {
        Path file = dataDirectory.resolve("kubeconfig");
        if (!Files.isReadable(file)) {
            throw Refusal.impossible("there is no " + file
                    + "; start a platform with weft up, or name its data directory with --data DIR");
        }
        try {
            Object tree = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
            Object cluster = child(first(child(tree, "clusters")), "cluster");
            Object user = child(first(child(tree, "users")), "user");
            String authority = text(child(cluster, "certificate-authority-data"));
            return new Kubeconfig(
                    text(child(cluster, "server")),
                    new String(Base64.getMimeDecoder().decode(authority), StandardCharsets.US_ASCII),
                    text(child(user, "token")));
        } catch (IOException | IllegalArgumentException e) {
            throw Refusal.impossible(file + " is not a kubeconfig of weft up: " + e.getMessage());
        }
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "Kubeconfig[" + server + "]";
    }

    private static Object child(Object tree, String name) {
        Object value = tree instanceof Map<?, ?> map ? map.get(name) : null;
        if (value != null) {
            return value;
        }
        throw new IllegalArgumentException("it has no " + name);
    }

    private static Object first(Object tree) {
        if (tree instanceof List<?> list && !list.isEmpty()) {
            return Objects.requireNonNull(list.getFirst());
        }
        throw new IllegalArgumentException("one of its lists is empty");
    }

    private static String text(Object value) {
        return value.toString();
    }
}
