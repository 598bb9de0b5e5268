package dev.weft.resources.knative;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;

/** One state of a program, never changed after. */
public record Revision(Resource resource, RevisionSpec spec) {

    /** On everything that belongs to a revision. */
    public static final String LABEL = "serving.knative.dev/revision";

    public static Read<Revision> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Revision of(Resource resource, Fields root) {
        return new Revision(resource, root.requiredObject("spec", RevisionSpec::of));
    }
}
