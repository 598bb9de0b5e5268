package dev.weft.runtime.deployment;

import dev.weft.resources.Resource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The numbers of a Deployment's templates, as {@code kubectl rollout history} and {@code undo} read them. */
final class History {

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String EARLIER = "deployment.kubernetes.io/revision-history";

    /** Annotations of a Deployment that are about itself alone. */
    private static final Set<String> OWN =
            Set.of("kubectl.kubernetes.io/last-applied-configuration", REVISION, EARLIER);

    static final Comparator<Resource> OLDEST_FIRST = Comparator.<Resource>comparingLong(
                    set -> revision(set.annotations()))
            .thenComparing(set -> set.at("/metadata/creationTimestamp").asString(""))
            .thenComparing(Resource::name);

    private History() {}

    /** Numbers the current set as the newest and gives it its Deployment's annotations, such as the change's cause. */
    static void number(Resource deployment, List<Resource> others, ObjectNode current) {
        ObjectNode annotations = current.withObject("/metadata").withObjectProperty("annotations");
        deployment.annotations().forEach((name, value) -> {
            if (!OWN.contains(name)) {
                annotations.put(name, value);
            }
        });
        long newest = others.stream()
                .mapToLong(set -> revision(set.annotations()))
                .max()
                .orElse(0);
        long own = annotations.path(REVISION).asLong(0);
        if (own > newest) {
            return;
        }
        if (own > 0) {
            String earlier = annotations.path(EARLIER).asString("");
            annotations.put(EARLIER, earlier.isEmpty() ? Long.toString(own) : earlier + "," + own);
        }
        annotations.put(REVISION, Long.toString(newest + 1));
    }

    /** Writes the current set's number on its Deployment; false when it is there already. */
    static boolean mark(ObjectNode deployment, Resource current) {
        String number = current.annotations().getOrDefault(REVISION, "");
        ObjectNode annotations = deployment.withObject("/metadata").withObjectProperty("annotations");
        if (number.isEmpty() || annotations.path(REVISION).asString("").equals(number)) {
            return false;
        }
        annotations.put(REVISION, number);
        return true;
    }

    private static long revision(Map<String, String> annotations) {
        String number = annotations.getOrDefault(REVISION, "0");
        return number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0;
    }
}
