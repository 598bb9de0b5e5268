package dev.weft.resources.smi;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.apps.AutoscalerVersions;
import dev.weft.resources.reading.Equality;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts a document of the Service Mesh Interface into another version of its kind; and, as the one place that asks for all
 * kinds, an autoscaler, by way of {@link AutoscalerVersions}. What the other version cannot say is kept
 * in an annotation, {@code conversion.weft.dev/VERSION}: the body as it was in that version. On the way back it counts as
 * long as nobody has changed the document meanwhile; after a change only those fields of it come back that the version in
 * between does not have.
 */
public final class Conversion {

    /** What the names of the annotations begin with. */
    public static final String ANNOTATION = "conversion.weft.dev/";

    private static final List<String> ENVELOPE = List.of("apiVersion", "kind", "metadata", "status");
    private static final Set<String> GROUPS = Set.of("split.smi-spec.io", "access.smi-spec.io", "specs.smi-spec.io");

    private final Shapes shapes;
    private final String from;
    private final String to;

    private Conversion(Kind kind, String from, String to) {
        this.shapes = new Shapes(kind);
        this.from = from;
        this.to = to;
    }

    /** Whether the versions of a kind have shapes of their own. */
    public static boolean converts(Kind kind) {
        return GROUPS.contains(kind.group()) || kind.equals(Kinds.AUTOSCALER);
    }

    /**
     * The document in a version; itself when it is in that version already.
     *
     * @param version for example {@code v1alpha1}
     */
    public static ObjectNode to(Kind kind, ObjectNode document, String version) {
        String said = document.path("apiVersion").asString("");
        String from = said.substring(said.indexOf('/') + 1);
        if (from.equals(version) || !converts(kind)) {
            return document;
        }
        if (kind.equals(Kinds.AUTOSCALER)) {
            boolean stored = version.equals(kind.version());
            return stored ? AutoscalerVersions.toStored(document) : AutoscalerVersions.toOld(document);
        }
        return new Conversion(kind, from, version).convert(document, kind.group());
    }

    private ObjectNode convert(ObjectNode document, String group) {
        ObjectNode body = document.deepCopy().remove(ENVELOPE);
        Optional<ObjectNode> original = kept(document, to);
        ObjectNode converted = original.filter(it -> Equality.same(shapes.convert(it, to, from), body))
                .orElseGet(() -> {
                    ObjectNode anew = shapes.convert(body, from, to);
                    original.ifPresent(it -> shapes.restore(it, anew, from));
                    return anew;
                });
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        ENVELOPE.stream().filter(document::has).forEach(it -> result.set(it, document.get(it)));
        result.put("apiVersion", group + "/" + to);
        result.setAll(converted);
        boolean lossless = Equality.same(shapes.convert(converted, to, from), body);
        note(result, lossless ? "" : body.toString());
        return result;
    }

    /** Sets the annotation for this version, and takes away that for the other. */
    private void note(ObjectNode result, String body) {
        boolean annotated = !result.at("/metadata/annotations").isEmpty();
        if (!annotated && body.isEmpty()) {
            return;
        }
        if (result.has("metadata")) {
            result.set("metadata", result.get("metadata").deepCopy());
        }
        ObjectNode annotations = result.withObject("/metadata").withObject("/annotations");
        annotations.remove(List.of(ANNOTATION + to, ANNOTATION + from));
        if (!body.isEmpty()) {
            annotations.put(ANNOTATION + from, body);
        }
        if (annotations.isEmpty()) {
            result.withObject("/metadata").remove("annotations");
        }
    }

    /** What was kept of a version; empty when nothing was, or somebody has broken it. */
    static Optional<ObjectNode> kept(ObjectNode document, String version) {
        String text =
                document.at("/metadata/annotations").path(ANNOTATION + version).asString("");
        try {
            return !text.isEmpty() && JsonMapper.shared().readTree(text) instanceof ObjectNode kept
                    ? Optional.of(kept.remove(ENVELOPE))
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
