package dev.weft.serving.knative;

import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The revisions of each configuration, from the store's watch, so that nobody searches through all of them. */
final class RevisionIndex {

    private record Owner(String namespace, String configuration) {}

    private static final Comparator<Resource> NEWEST_FIRST = Comparator.comparingLong(RevisionIndex::generation)
            .thenComparing(Resource::name)
            .reversed();

    private final Map<Owner, Map<String, Resource>> revisions = new ConcurrentHashMap<>();

    void seen(Change change) {
        Resource revision = change.resource();
        Owner owner = new Owner(revision.namespace(), revision.labels().getOrDefault(Names.CONFIGURATION_LABEL, ""));
        revisions.compute(owner, (key, before) -> {
            Map<String, Resource> after = before == null ? new ConcurrentHashMap<>() : before;
            if (change.type() == Change.Type.DELETED) {
                after.remove(revision.name());
            } else {
                after.put(revision.name(), revision);
            }
            return after.isEmpty() ? null : after;
        });
    }

    /** Newest generation first. */
    List<Resource> of(String namespace, String configuration) {
        return revisions.getOrDefault(new Owner(namespace, configuration), Map.of()).values().stream()
                .sorted(NEWEST_FIRST)
                .toList();
    }

    /** The configurations that have any. */
    List<Key> configurations() {
        return revisions.keySet().stream()
                .map(owner -> Kinds.CONFIGURATION.key(owner.namespace(), owner.configuration()))
                .toList();
    }

    /** The generation of the configuration that made the revision, 0 where it does not say. */
    static long generation(Resource revision) {
        String label = revision.labels().getOrDefault(Names.GENERATION_LABEL, "");
        return label.matches("\\d{1,18}") ? Long.parseLong(label) : 0;
    }
}
