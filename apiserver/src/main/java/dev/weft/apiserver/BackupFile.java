package dev.weft.apiserver;

import dev.weft.apiserver.store.Listing;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.core.ServiceEndpoints;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is declared as lines of JSON: a heading, a line for each resource, and a last line with their number, by
 * which a file that is cut off is known. What follows from other resources is left out: pods of a Deployment, endpoints,
 * events.
 */
final class BackupFile {

    private static final String FORMAT = "weft-backup/1";
    private static final int LINE_CHARACTERS_MAX = 8 << 20;
    private static final JsonMapper JSON = JsonMapper.shared();

    private BackupFile() {}

    static void write(Listing everything, Instant now, OutputStream out) throws IOException {
        line(out, JSON.createObjectNode().put("format", FORMAT).put("time", now.toString()));
        int count = 0;
        for (Resource resource : everything.resources()) {
            if (follows(resource)) {
                continue;
            }
            ObjectNode line = JSON.createObjectNode();
            line.put("plural", resource.kind().plural())
                    .put("namespaced", resource.kind().namespaced());
            line.set("resource", resource.json());
            line(out, line);
            count++;
        }
        line(out, JSON.createObjectNode().put("resources", count));
    }

    /** @throws IOException with what is wrong when it is no backup, or not a whole one */
    static List<Resource> read(InputStream in) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<Resource> resources = new ArrayList<>();
        int number = 1;
        if (!parse(lines.readLine(), number).path("format").asString("").equals(FORMAT)) {
            throw new IOException("line 1: this is no backup: it does not begin with {\"format\":\"" + FORMAT + "\"}");
        }
        while (true) {
            JsonNode line = parse(lines.readLine(), ++number);
            if (line.has("resources")) {
                if (line.path("resources").asInt(-1) != resources.size()) {
                    throw new IOException("line " + number + ": the backup is not whole: it has " + resources.size()
                            + " resources and says " + line.path("resources"));
                }
                return resources;
            }
            resources.add(resource(line, number));
        }
    }

    /** Whether it comes of other resources, or tells what happened. */
    static boolean follows(Resource resource) {
        boolean ownedPod = resource.kind().equals(Kinds.POD)
                && !resource.at("/metadata/ownerReferences").isEmpty();
        return ownedPod
                || resource.kind().equals(Kinds.EVENT)
                || (resource.kind().equals(Kinds.ENDPOINTS) && ServiceEndpoints.mirrored(resource))
                || resource.kind().equals(Kinds.ENDPOINT_SLICE);
    }

    private static Resource resource(JsonNode line, int number) throws IOException {
        if (!(line.path("resource") instanceof ObjectNode json)) {
            throw new IOException("line " + number + ": there is no resource on it");
        }
        String apiVersion = json.path("apiVersion").asString("");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String name = json.path("kind").asString("");
        Optional<Kind> known = Kinds.find(group, name);
        Kind kind = known.orElseGet(() -> new Kind(
                group,
                apiVersion.substring(slash + 1),
                name,
                line.path("plural").asString(""),
                line.path("namespaced").asBoolean(true)));
        Resource resource = new Resource(kind, json);
        if (name.isEmpty() || resource.name().isEmpty() || resource.uid().isEmpty()) {
            throw new IOException("line " + number + ": the resource has no kind, name or uid");
        }
        return resource;
    }

    private static JsonNode parse(@org.jspecify.annotations.Nullable String line, int number) throws IOException {
        if (line == null) {
            throw new IOException("line " + number + ": the backup ends too early: it is not whole");
        }
        if (line.length() > LINE_CHARACTERS_MAX) {
            throw new IOException("line " + number + ": longer than " + LINE_CHARACTERS_MAX + " characters");
        }
        try {
            return JSON.readTree(line);
        } catch (JacksonException e) {
            throw new IOException("line " + number + ": not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void line(OutputStream out, ObjectNode line) throws IOException {
        out.write(JSON.writeValueAsBytes(line));
        out.write('\n');
    }
}
