package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.smi.Conversion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the path of a request names: {@code /api/v1/namespaces/NS/pods/NAME/log} and the like.
 *
 * @param version the one that the client speaks
 * @param namespace empty for all namespaces, or for a kind of the cluster
 * @param name empty for the whole collection
 * @param subresource empty for the resource itself
 */
record Target(ServedKind kind, String version, String namespace, String name, String subresource) {

    static Target of(ServedKinds kinds, String path) {
        List<String> parts = new ArrayList<>(Arrays.asList(path.substring(1).split("/", -1)));
        boolean core = parts.removeFirst().equals("api");
        if (parts.size() < (core ? 2 : 3)) {
            throw ApiException.notFound(path);
        }
        String group = core ? "" : parts.removeFirst();
        String version = parts.removeFirst();
        String namespace = "";
        if (parts.size() >= 3 && parts.getFirst().equals("namespaces") && !(core && isOwnSubresource(parts))) {
            parts.removeFirst();
            namespace = parts.removeFirst();
        }
        ServedKind kind = kinds.find(group, version, parts.getFirst()).orElseThrow(() -> ApiException.notFound(path));
        String name = parts.size() > 1 ? parts.get(1) : "";
        String subresource = parts.size() > 2 ? parts.get(2) : "";
        boolean scoped = kind.kind().namespaced() ? !namespace.isEmpty() || name.isEmpty() : namespace.isEmpty();
        if (parts.size() > 3 || !scoped || (parts.size() > 1 && name.isEmpty())) {
            throw ApiException.notFound(path);
        }
        return new Target(kind, version, namespace, name, subresource);
    }

    /** The same in the version that is stored, where versions have shapes of their own. */
    Target stored() {
        boolean converts = Conversion.converts(kind.kind());
        return converts ? new Target(kind, kind.kind().version(), namespace, name, subresource) : this;
    }

    Key key() {
        return kind.kind().key(namespace, name);
    }

    boolean isCollection() {
        return name.isEmpty();
    }

    /** {@code namespaces/NAME/status} is about the namespace, not in it. */
    private static boolean isOwnSubresource(List<String> parts) {
        return parts.size() == 3
                && (parts.get(2).equals("status") || parts.get(2).equals("finalize"));
    }

    boolean isNamespace() {
        return kind.kind().equals(Kinds.NAMESPACE);
    }
}
