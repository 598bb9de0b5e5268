package dev.weft.control.declared;

import dev.weft.model.problem.Problem;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Key;
import dev.weft.resources.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One resource as it was read.
 *
 * @param resource the newest state
 * @param value the newest state that could be read; older than {@code resource} while that one has errors
 * @param problems of the newest state by itself, before its references were looked at
 */
public record Declared<T>(Resource resource, Optional<T> value, List<Problem> problems) {

    /** The oldest first; among equals by namespace and name. This decides every conflict between equals. */
    public static final Comparator<Declared<?>> OLDEST_FIRST = Comparator.comparing((Declared<?> declared) ->
                    declared.resource.at("/metadata/creationTimestamp").asString(""))
            .thenComparing(declared -> declared.resource.namespace())
            .thenComparing(declared -> declared.resource.name());

    /** By key and state, not by content, which would be walked each time. */
    @Override
    @SuppressWarnings(
            "ReferenceEquality") // two reads of one state share the resource; comparing content is the cost meant
    public boolean equals(Object other) {
        return other instanceof Declared<?> that && that.resource == resource;
    }

    @Override
    public int hashCode() {
        return key().hashCode();
    }

    public Key key() {
        return resource.key();
    }

    public ServiceName serviceName() {
        return new ServiceName(resource.namespace(), resource.name());
    }
}
