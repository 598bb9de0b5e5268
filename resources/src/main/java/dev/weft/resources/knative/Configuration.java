package dev.weft.resources.knative;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;

/** The newest wanted state of a program; each change of it makes a revision. */
public record Configuration(Resource resource, RevisionTemplate template) {

    public static Read<Configuration> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Configuration of(Resource resource, Fields root) {
        TopChecks.of(resource, root);
        return root.requiredObject("spec", spec -> {
            RevisionTemplate template =
                    spec.requiredObject("template", fields -> RevisionTemplate.of(fields, resource.name()));
            return new Configuration(resource, template);
        });
    }
}
