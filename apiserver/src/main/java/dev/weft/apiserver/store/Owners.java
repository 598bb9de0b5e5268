package dev.weft.apiserver.store;

import dev.weft.resources.Resource;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@code metadata.ownerReferences}. */
final class Owners {

    private Owners() {}

    /** The uids of the owners of a resource. */
    static Set<String> of(Resource resource) {
        Set<String> uids = new LinkedHashSet<>();
        for (JsonNode reference : resource.at("/metadata/ownerReferences")) {
            String uid = reference.path("uid").asString("");
            if (!uid.isEmpty()) {
                uids.add(uid);
            }
        }
        return uids;
    }
}
