package dev.weft.apiserver.kinds;

import dev.weft.resources.schema.KindSchemas;
import dev.weft.resources.schema.ObjectType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI documents, one for each group and version: which operations there are and which parameters they take. The
 * schemas of kinds that are known from the start come from {@link KindSchemas}, those of others from their definitions.
 *
 * <p>Strategic merge patches are taken for built-in kinds but not listed here: a client that finds them listed would
 * compute patches from these schemas, which do not say which lists are keyed; not finding them it uses what it knows.
 */
public final class OpenApi {

    /** The only form of version 2 that Kubernetes' own clients ask for, as they write it in Accept. */
    public static final String V2_ACCEPTED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    /** The same as Kubernetes answers it: the other is not a media type that clients can parse. */
    public static final String V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    private static final SchemaDocuments V3 = new SchemaDocuments("#/components/schemas/");
    private static final SchemaDocuments V2 = new SchemaDocuments("#/definitions/");
    private static final String KEEP = "x-kubernetes-preserve-unknown-fields";
    private static final List<String> PATCHES =
            List.of("application/json-patch+json", "application/merge-patch+json", "application/apply-patch+yaml");

    private final ServedKinds kinds;

    public OpenApi(ServedKinds kinds) {
        this.kinds = kinds;
    }

    /** {@code GET /openapi/v3}: where the documents are. */
    public ObjectNode index() {
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        ObjectNode paths = index.putObject("paths");
        for (String group : kinds.groups()) {
            for (String version : kinds.versions(group)) {
                String path = path(group, version);
                paths.putObject(path).put("serverRelativeURL", "/openapi/v3/" + path);
            }
        }
        return index;
    }

    /** {@code GET /openapi/v3/apis/GROUP/VERSION}. */
    public ObjectNode document(String group, String version) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.0.0").putObject("info").put("title", "Weft").put("version", "v1");
        ObjectNode paths = document.putObject("paths");
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        V3.metadata(schemas);
        for (ServedKind kind : kinds.in(group, version)) {
            schemas.set(schemaName(kind, version), schema(kind, version, V3, schemas));
            String scope = kind.kind().namespaced() ? "/namespaces/{namespace}" : "";
            String collection =
                    "/" + path(group, version) + scope + "/" + kind.kind().plural();
            ObjectNode many = paths.putObject(collection);
            operation(many, "get", "list", kind, version);
            operation(many, "post", "post", kind, version);
            ObjectNode one = paths.putObject(collection + "/{name}");
            operation(one, "get", "get", kind, version);
            operation(one, "put", "put", kind, version);
            operation(one, "patch", "patch", kind, version);
            operation(one, "delete", "delete", kind, version);
        }
        return document;
    }

    /** {@code GET /openapi/v2}: the schemas of everything; operations are in the documents of version 3. */
    public ObjectNode v2() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("swagger", "2.0").putObject("info").put("title", "Weft").put("version", "v1");
        document.putObject("paths");
        ObjectNode definitions = document.putObject("definitions");
        V2.metadata(definitions);
        for (ServedKind kind : kinds.all()) {
            for (String version : kind.versions()) {
                definitions.set(schemaName(kind, version), schema(kind, version, V2, definitions));
            }
        }
        return document;
    }

    /**
     * {@code GET /openapi/v2} as protobuf (gnostic's {@code Document}): title and version alone. kubectl asks for it when
     * version 3 does not have a kind, and for an unknown kind has to find nothing here too, to say "no matches for kind".
     * No schemas on purpose, for the reason above.
     */
    public static byte[] v2Protobuf() {
        byte[] swagger = protobufText(1, "2.0".getBytes(StandardCharsets.US_ASCII));
        byte[] title = protobufText(1, "Weft".getBytes(StandardCharsets.US_ASCII));
        byte[] version = protobufText(2, "v1".getBytes(StandardCharsets.US_ASCII));
        return joined(swagger, protobufText(2, joined(title, version)));
    }

    /** A field of wire type 2, shorter than 128 bytes. */
    private static byte[] protobufText(int field, byte[] value) {
        return joined(new byte[] {(byte) (field << 3 | 2), (byte) value.length}, value);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static void operation(ObjectNode path, String method, String action, ServedKind kind, String version) {
        ObjectNode operation = path.putObject(method);
        operation.put("x-kubernetes-action", action);
        groupVersionKind(operation.putObject("x-kubernetes-group-version-kind"), kind, version);
        ArrayNode parameters = operation.putArray("parameters");
        for (String name : parameters(action)) {
            ObjectNode parameter = parameters.addObject();
            parameter.put("name", name).put("in", "query");
            parameter.putObject("schema").put("type", "string");
        }
        ObjectNode answer = operation.putObject("responses").putObject("200");
        answer.put("description", "OK");
        answer.putObject("content").putObject("application/json").set("schema", reference(kind, version));
        if (action.equals("patch")) {
            ObjectNode content = operation.putObject("requestBody").putObject("content");
            PATCHES.forEach(type -> content.putObject(type).putObject("schema").put("type", "object"));
        } else if (action.equals("post") || action.equals("put")) {
            ObjectNode content = operation.putObject("requestBody").putObject("content");
            content.putObject("application/json").set("schema", reference(kind, version));
        }
    }

    private static List<String> parameters(String action) {
        return switch (action) {
            case "list" -> List.of("labelSelector", "fieldSelector", "limit", "continue", "resourceVersion", "watch");
            case "post", "put" -> List.of("dryRun", "fieldManager", "fieldValidation");
            case "patch" -> List.of("dryRun", "fieldManager", "fieldValidation", "force");
            case "delete" -> List.of("dryRun", "gracePeriodSeconds", "propagationPolicy");
            default -> List.of();
        };
    }

    private static ObjectNode reference(ServedKind kind, String version) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + schemaName(kind, version));
    }

    private static ObjectNode schema(ServedKind kind, String version, SchemaDocuments documents, ObjectNode beside) {
        Optional<ObjectType> known =
                KindSchemas.find(kind.apiVersion(version), kind.kind().kind());
        JsonNode defined = kind.schema(version);
        ObjectNode schema = defined.isMissingNode() && known.isPresent()
                ? documents.kind(known.get(), beside)
                : defined(kind, version, documents);
        if (!kind.foreign()) {
            schema.put(KEEP, true);
        }
        if (!kind.selectable(version).isEmpty()) {
            ArrayNode selectable = schema.putArray("x-kubernetes-selectable-fields");
            kind.selectable(version).forEach(field -> selectable.addObject().put("fieldPath", field));
        }
        groupVersionKind(schema.putArray("x-kubernetes-group-version-kind").addObject(), kind, version);
        return schema;
    }

    /** As a definition has it. */
    private static ObjectNode defined(ServedKind kind, String version, SchemaDocuments documents) {
        ObjectNode schema = kind.schema(version) instanceof ObjectNode defined
                ? defined.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        String description = kind.kind().kind() + " of " + kind.apiVersion(version) + ".";
        schema.putIfAbsent("description", schema.stringNode(description));
        ObjectNode properties = schema.withObjectProperty("properties");
        text(properties, "apiVersion", "The group and version of this document.");
        text(properties, "kind", "What this document describes.");
        properties
                .putObject("metadata")
                .put("description", "Name, namespace, labels, annotations and what the server keeps about it.")
                .putArray("allOf")
                .addObject()
                .put("$ref", documents.references() + SchemaDocuments.METADATA);
        if (kind.schema(version).isMissingNode()) {
            open(properties, "spec", "What is wanted.");
            if (kind.status()) {
                open(properties, "status", "What is, as the controllers see it.");
            }
        }
        return schema;
    }

    private static void text(ObjectNode properties, String name, String description) {
        properties.putObject(name).put("type", "string").put("description", description);
    }

    private static void open(ObjectNode properties, String name, String description) {
        properties
                .putObject(name)
                .put("type", "object")
                .put("description", description)
                .put(KEEP, true);
    }

    private static void groupVersionKind(ObjectNode into, ServedKind kind, String version) {
        into.put("group", kind.kind().group())
                .put("version", version)
                .put("kind", kind.kind().kind());
    }

    private static String schemaName(ServedKind kind, String version) {
        String group = kind.kind().group().isEmpty() ? "core" : kind.kind().group();
        return String.join(".", List.of(group.split("\\.")).reversed()) + "." + version + "."
                + kind.kind().kind();
    }

    private static String path(String group, String version) {
        return group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
    }
}
