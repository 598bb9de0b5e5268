package dev.weft.apiserver.access;

/**
 * What somebody wants to do.
 *
 * @param verb as roles name it: {@code get}, {@code list}, {@code deletecollection}
 * @param resource plural; empty when it is about a path
 * @param subresource empty for the resource itself
 * @param namespace empty for all, or for what is in none
 * @param name empty for a collection
 * @param path for what is no resource: {@code /metrics}
 */
public record Wish(
        String verb, String group, String resource, String subresource, String namespace, String name, String path) {

    /** As Kubernetes' refusals put it, after the name of the user. */
    @Override
    public String toString() {
        if (resource.isEmpty()) {
            return "cannot " + verb + " path \"" + path + "\"";
        }
        String full = subresource.isEmpty() ? resource : resource + "/" + subresource;
        String where = namespace.isEmpty() ? " at the cluster scope" : " in the namespace \"" + namespace + "\"";
        return "cannot " + verb + " resource \"" + full + "\" in API group \"" + group + "\"" + where;
    }
}
