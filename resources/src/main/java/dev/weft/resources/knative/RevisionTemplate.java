package dev.weft.resources.knative;

import dev.weft.resources.reading.Fields;
import java.util.Map;

/**
 * What revisions are made from.
 *
 * @param name the next revision's name when the author chooses it, empty otherwise
 */
public record RevisionTemplate(
        String name, Map<String, String> labels, Map<String, String> annotations, RevisionSpec spec) {

    private record Metadata(String name, Map<String, String> labels, Map<String, String> annotations) {}

    public RevisionTemplate {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /**
     * Reads a template.
     *
     * @param parent name of the service or configuration, with which a chosen name must begin
     */
    static RevisionTemplate of(Fields fields, String parent) {
        Metadata metadata = fields.objectOrEmpty("metadata", inner -> {
            inner.inert("namespace", "creationTimestamp");
            String name = inner.text("name", "");
            if (!name.isEmpty() && !name.startsWith(parent + "-")) {
                inner.invalid(
                        "name",
                        "\"" + name + "\" does not begin with " + parent + "-.",
                        "Write " + parent + "-" + name + ".");
            }
            if (!name.isEmpty() && !TopChecks.label(name)) {
                inner.invalid(
                        "name",
                        "\"" + name + "\" is no name for a revision.",
                        "Write at most 63 lower case letters, digits and dashes, beginning with a letter.");
            }
            inner.object("annotations", annotations -> {
                ScalingChecks.of(annotations);
                return true;
            });
            return new Metadata(name, inner.textMap("labels"), inner.textMap("annotations"));
        });
        RevisionSpec spec = fields.requiredObject("spec", RevisionSpec::of);
        return new RevisionTemplate(metadata.name, metadata.labels, metadata.annotations, spec);
    }
}
