package dev.weft.resources.knative;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;

/** A Knative Service: a program that scales with its requests, its revisions, and its address. */
public record KnativeService(Resource resource, RevisionTemplate template, List<TrafficEntry> traffic) {

    public KnativeService {
        traffic = List.copyOf(traffic);
    }

    public static Read<KnativeService> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static KnativeService of(Resource resource, Fields root) {
        TopChecks.of(resource, root);
        return root.requiredObject("spec", spec -> {
            RevisionTemplate template =
                    spec.requiredObject("template", fields -> RevisionTemplate.of(fields, resource.name()));
            return new KnativeService(resource, template, TrafficEntry.list(spec, false));
        });
    }
}
