package dev.weft.resources.apps;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import tools.jackson.databind.JsonNode;

/**
 * Whose pod it is, in the words of its author: of a ReplicaSet that belongs to a Deployment, the Deployment.
 *
 * @param apiVersion empty for a pod of nobody
 */
public record PodOwner(String apiVersion, String kind, String name) {

    private static final String HASH_LABEL = "pod-template-hash";

    /** Reads it from the pod alone: its ReplicaSet may have gone already. */
    public static PodOwner of(Resource pod) {
        JsonNode reference = pod.at("/metadata/ownerReferences/0");
        String kind = reference.path("kind").asString("");
        String name = reference.path("name").asString("");
        String suffix = "-" + pod.labels().getOrDefault(HASH_LABEL, "");
        if (kind.equals(Kinds.REPLICA_SET.kind()) && suffix.length() > 1 && name.endsWith(suffix)) {
            kind = Kinds.DEPLOYMENT.kind();
            name = name.substring(0, name.length() - suffix.length());
        }
        return new PodOwner(reference.path("apiVersion").asString(""), kind, name);
    }
}
