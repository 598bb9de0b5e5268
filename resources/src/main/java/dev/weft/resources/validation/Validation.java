package dev.weft.resources.validation;

import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Document;
import dev.weft.resources.reading.Names;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import dev.weft.resources.smi.Conversion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one document is.
 *
 * @param resource present when no problem is an error; its {@code apiVersion} is the one that is stored, and a
 *     namespaced resource without a namespace is in {@code default}
 * @param problems everything found, in the order of the document's fields as they are read
 */
public record Validation(Optional<Resource> resource, List<Problem> problems) {

    /** The reason where nobody knows the kind. */
    public static final String KIND_UNKNOWN = "KindUnknown";

    public Validation {
        problems = List.copyOf(problems);
    }

    /** Judges a document by itself; whether what it refers to exists is found out later, and said in its status. */
    public static Validation of(Document document) {
        String apiVersion = document.json().path("apiVersion").asString("");
        String kindName = document.json().path("kind").asString("");
        if (apiVersion.isEmpty() || kindName.isEmpty()) {
            String field = apiVersion.isEmpty() ? "apiVersion" : "kind";
            return refused(document, kindName, field, "FieldMissing", field + " is missing.", example(kindName));
        }
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        Optional<Kind> kind = Kinds.find(group, kindName);
        if (kind.isEmpty()) {
            String message = kindName + " in " + apiVersion + " is a kind that Weft does not know.";
            return refused(document, kindName, "kind", KIND_UNKNOWN, message, nearKinds(group, kindName));
        }
        if (!Schemas.versions(kind.get()).contains(version)) {
            return versionUnknown(document, kind.get(), List.of(kind.get().version()));
        }
        return read(document, kind.get());
    }

    /** Judges what every document has, of a kind that a CustomResourceDefinition defines. */
    public static Validation ofCustom(Document document, Kind kind) {
        return read(document, kind);
    }

    /** The answer to a version that a kind does not have. */
    public static Validation versionUnknown(Document document, Kind kind, List<String> versions) {
        String said = document.json().path("apiVersion").asString("");
        String message = kind.kind() + " has no version " + said.substring(said.indexOf('/') + 1) + " here.";
        String remedy = "Write apiVersion: "
                + String.join(
                        " or ",
                        versions.stream()
                                .map(it -> kind.group().isEmpty() ? it : kind.group() + "/" + it)
                                .toList())
                + ".";
        return refused(document, kind.kind(), "apiVersion", "VersionUnknown", message, remedy);
    }

    /** The same for a resource that is stored already, or comes as JSON. */
    public static Validation of(ObjectNode json) {
        return of(Document.ofApi(json));
    }

    private static Validation read(Document document, Kind kind) {
        ObjectNode json = document.json().deepCopy();
        json.put("apiVersion", kind.apiVersion());
        if (json.get("metadata") instanceof ObjectNode metadata) {
            if (!kind.namespaced()) {
                metadata.remove("namespace");
            } else if (metadata.path("namespace").asString("").isEmpty()) {
                metadata.put("namespace", "default");
            }
        }
        Resource resource = new Resource(kind, json);
        Read<Resource> read = Reading.of(resource, document::locate, root -> {
            root.requiredObject("metadata", metadata -> Schemas.metadata(metadata, kind));
            Schemas.read(resource, root);
            return resource;
        });
        List<Problem> problems = SchemaCheck.complete(
                document.json(), resource.key().reference(), document::locate, read.problems(), Schemas.reads(kind));
        boolean refused = problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
        Optional<Resource> good = refused ? Optional.empty() : read.value();
        return new Validation(good.map(it -> stored(it, document.json())), problems);
    }

    /** In the shape of the version that is stored. */
    private static Resource stored(Resource read, ObjectNode document) {
        if (!Conversion.converts(read.kind())) {
            return read;
        }
        ObjectNode asWritten =
                read.edit().put("apiVersion", document.path("apiVersion").asString(""));
        return new Resource(
                read.kind(), Conversion.to(read.kind(), asWritten, read.kind().version()));
    }

    private static String nearKinds(String group, String kind) {
        List<String> near = new ArrayList<>();
        for (Kind known : Kinds.all()) {
            boolean likeKind = Names.nearest(kind, List.of(known.kind())).isPresent();
            boolean likeGroup = !group.isEmpty() && known.group().equals(group);
            if (likeKind || likeGroup) {
                near.add(known.kind() + " (" + known.apiVersion() + ")");
            }
        }
        Stream<String> all = Kinds.all().stream().map(Kind::kind).distinct().sorted();
        return near.isEmpty()
                ? "Known kinds: " + String.join(", ", all.toList()) + "."
                : "Did you mean " + String.join(" or ", near) + "?";
    }

    private static String example(String kindName) {
        return Kinds.all().stream()
                .filter(kind -> kind.kind().equals(kindName))
                .findFirst()
                .map(kind -> "Write apiVersion: " + kind.apiVersion() + ".")
                .orElse("Begin the document with apiVersion: and kind:, for example apiVersion: v1 and kind: Service.");
    }

    private static Validation refused(
            Document document, String kind, String field, String reason, String message, String remedy) {
        JsonNode metadata = document.json().path("metadata");
        ResourceReference reference = new ResourceReference(
                "",
                kind.isEmpty() ? "Document" : kind,
                metadata.path("namespace").asString(""),
                metadata.path("name").asString("(no name)"));
        Problem problem =
                new Problem(document.locate(field), reference, field, reason, message, remedy, Problem.Severity.ERROR);
        return new Validation(Optional.empty(), List.of(problem));
    }
}
