package dev.weft.runtime.volume;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Collects the files of volumes of the kinds that hold documents' values. One pod's; belongs to one thread at a time. */
final class Sources {

    private static final String API = "https://kubernetes.default.svc.cluster.local";
    private static final long TOKEN_SECONDS = 3607;
    private static final long TOKEN_SECONDS_MIN = 600;

    private final ResourceStore store;
    private final AccountTokens tokens;
    private final InstantSource clock;
    private final Resource pod;
    private final String address;
    private final Map<Long, Token> issued = new LinkedHashMap<>();

    /** @param renew when four fifths of its life are over, as the kubelet does */
    private record Token(String text, Instant renew) {}

    Sources(ResourceStore store, AccountTokens tokens, InstantSource clock, Resource pod, String address) {
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
        this.pod = pod;
        this.address = address;
    }

    /** Whether this kind of volume is collected here. */
    static boolean collects(JsonNode volume) {
        return volume.has("configMap") || volume.has("secret") || volume.has("downwardAPI") || volume.has("projected");
    }

    Map<String, Payload.Content> files(JsonNode volume) throws VolumeProblem {
        Payload payload = new Payload();
        if (volume.has("projected")) {
            JsonNode projected = volume.path("projected");
            for (JsonNode source : projected.path("sources")) {
                add(source, Payload.mode(projected), payload);
            }
        } else {
            JsonNode only = volume.path(
                    volume.has("configMap") ? "configMap" : volume.has("secret") ? "secret" : "downwardAPI");
            add(volume, Payload.mode(only), payload);
        }
        return payload.files();
    }

    private void add(JsonNode source, int mode, Payload payload) throws VolumeProblem {
        if (source.has("configMap")) {
            JsonNode reference = source.path("configMap");
            addValues(false, reference.path("name").asString(""), reference, mode, payload);
        } else if (source.has("secret")) {
            JsonNode reference = source.path("secret");
            String name =
                    reference.path("secretName").asString(reference.path("name").asString(""));
            addValues(true, name, reference, mode, payload);
        } else if (source.has("downwardAPI")) {
            for (JsonNode item : source.at("/downwardAPI/items")) {
                addField(item, mode, payload);
            }
        } else if (source.has("serviceAccountToken")) {
            addToken(source.path("serviceAccountToken"), mode, payload);
        } else {
            throw new VolumeProblem("a projected volume's source of kind " + String.join(", ", source.propertyNames())
                    + " is not built");
        }
    }

    private void addValues(boolean secret, String name, JsonNode reference, int mode, Payload payload)
            throws VolumeProblem {
        boolean optional = reference.path("optional").asBoolean(false);
        String what = (secret ? "Secret " : "ConfigMap ") + pod.namespace() + "/" + name;
        Optional<Resource> found = store.get((secret ? Kinds.SECRET : Kinds.CONFIG_MAP).key(pod.namespace(), name));
        if (found.isPresent()) {
            try {
                payload.putAll(values(found.get(), secret), reference.path("items"), mode, optional, what);
            } catch (IllegalArgumentException e) {
                throw new VolumeProblem(what + " has a value that is not base64: " + e.getMessage());
            }
        } else if (!secret
                && name.equals("kube-root-ca.crt")
                && !tokens.authority().isEmpty()) {
            byte[] authority = tokens.authority().getBytes(StandardCharsets.US_ASCII);
            payload.putAll(Map.of("ca.crt", authority), reference.path("items"), mode, optional, what);
        } else if (!optional) {
            throw new VolumeProblem(what + " does not exist; create it, or mark the volume optional.");
        }
    }

    private static Map<String, byte[]> values(Resource resource, boolean secret) {
        Map<String, byte[]> values = new LinkedHashMap<>();
        Resource.strings(resource.at("/data"))
                .forEach((key, value) -> values.put(key, secret ? decoded(value) : bytes(value)));
        Resource.strings(resource.at("/binaryData")).forEach((key, value) -> values.put(key, decoded(value)));
        Resource.strings(resource.at("/stringData")).forEach((key, value) -> values.put(key, bytes(value)));
        return values;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decoded(String base64) {
        return Base64.getMimeDecoder().decode(base64);
    }

    private void addField(JsonNode item, int mode, Payload payload) throws VolumeProblem {
        String field = item.at("/fieldRef/fieldPath").asString("");
        if (field.isEmpty()) {
            throw new VolumeProblem("downwardAPI: resourceFieldRef is not built; use fieldRef");
        }
        String value = PodFields.file(pod, address, field)
                .orElseThrow(() -> new VolumeProblem("downwardAPI: fieldRef " + field + " is not known here"));
        payload.put(
                item.path("path").asString(""), bytes(value), item.path("mode").asInt(mode));
    }

    private void addToken(JsonNode wanted, int mode, Payload payload) throws VolumeProblem {
        String account = pod.at("/spec/serviceAccountName").asString("default");
        String audience = wanted.path("audience").asString(API);
        if (!audience.equals(API)) {
            throw new VolumeProblem("serviceAccountToken: tokens for the audience \"" + audience
                    + "\" are not built, those for the API alone; leave audience out");
        }
        long seconds =
                Math.max(TOKEN_SECONDS_MIN, wanted.path("expirationSeconds").asLong(TOKEN_SECONDS));
        Optional<Token> token = Optional.ofNullable(issued.get(seconds))
                .filter(known -> clock.instant().isBefore(known.renew()));
        if (token.isEmpty()) {
            token = tokens.token(pod.namespace(), account, Duration.ofSeconds(seconds))
                    .map(text -> new Token(text, clock.instant().plusSeconds(seconds * 4 / 5)));
            token.ifPresent(given -> issued.put(seconds, given));
        }
        String text = token.map(Token::text)
                .orElseThrow(() -> new VolumeProblem("ServiceAccount " + pod.namespace() + "/" + account
                        + " does not exist; create it, or set automountServiceAccountToken: false"));
        payload.put(wanted.path("path").asString("token"), bytes(text), mode);
    }
}
