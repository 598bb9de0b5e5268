package dev.weft.resources.core;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;

/** One pod. */
public record Pod(Resource resource, PodSpec spec) {

    public static Read<Pod> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Pod of(Resource resource, Fields root) {
        return new Pod(resource, root.requiredObject("spec", PodSpec::of));
    }
}
