package dev.weft.apiserver.ownership;

import dev.weft.apiserver.access.User;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Who made and who last changed Knative's objects, in annotations that nobody else writes (Knative Serving API). */
public final class Authors {

    private static final String CREATOR = "serving.knative.dev/creator";
    private static final String LAST_MODIFIER = "serving.knative.dev/lastModifier";
    private static final Set<Kind> SIGNED =
            Set.of(Kinds.KNATIVE_SERVICE, Kinds.CONFIGURATION, Kinds.ROUTE, Kinds.DOMAIN_MAPPING);

    private Authors() {}

    /** Whatever the document says of it, the creator stays, and a change of the spec names who made it. */
    public static Resource sign(User user, Optional<Resource> before, Resource resource) {
        boolean owned = !resource.at("/metadata/ownerReferences").isEmpty(); // has its owner's
        if (!SIGNED.contains(resource.kind()) || owned) {
            return resource;
        }
        boolean changed = before.isEmpty() || !before.get().at("/spec").equals(resource.at("/spec"));
        String creator =
                before.map(old -> old.annotations().getOrDefault(CREATOR, "")).orElse(user.name());
        String modifier = changed
                ? user.name()
                : before.map(old -> old.annotations().getOrDefault(LAST_MODIFIER, ""))
                        .orElse("");
        ObjectNode json = resource.edit();
        ObjectNode annotations = json.withObject("/metadata/annotations");
        put(annotations, CREATOR, creator);
        put(annotations, LAST_MODIFIER, modifier);
        if (annotations.isEmpty()) {
            json.withObject("/metadata").remove("annotations");
        }
        return new Resource(resource.kind(), json);
    }

    private static void put(ObjectNode annotations, String name, String value) {
        if (value.isEmpty()) {
            annotations.remove(name);
        } else {
            annotations.put(name, value);
        }
    }
}
