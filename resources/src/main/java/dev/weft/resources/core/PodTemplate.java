package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.util.Map;

/** What pods are made from. */
public record PodTemplate(Map<String, String> labels, Map<String, String> annotations, PodSpec spec) {

    public PodTemplate {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    public static PodTemplate of(Fields fields) {
        Map<String, String> labels = fields.objectOrEmpty("metadata", metadata -> {
            metadata.inert("name", "namespace", "annotations", "creationTimestamp", "finalizers");
            return metadata.textMap("labels");
        });
        Map<String, String> annotations = fields.objectOrEmpty("metadata", metadata -> {
            metadata.inert("name", "namespace", "labels", "creationTimestamp", "finalizers");
            return metadata.textMap("annotations");
        });
        return new PodTemplate(labels, annotations, fields.requiredObject("spec", PodSpec::of));
    }
}
