package dev.weft.apiserver.kinds;

import dev.weft.resources.Kinds;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a resource, or a view of it, with a path of its own.
 *
 * @param name the last part of the path
 * @param answer the kind of the document there: group, version and kind; empty when it is the resource's own
 */
public record Subresource(String name, List<String> answer, List<String> verbs) {

    private static final List<String> READ_AND_WRITE = List.of("get", "patch", "update");
    private static final Subresource STATUS = new Subresource("status", List.of(), READ_AND_WRITE);
    private static final Subresource LOG = new Subresource("log", List.of(), List.of("get"));
    private static final Subresource EXEC =
            new Subresource("exec", List.of("", "v1", "PodExecOptions"), List.of("create", "get"));
    private static final Subresource EVICTION =
            new Subresource("eviction", List.of("policy", "v1", "Eviction"), List.of("create"));
    private static final Subresource FORWARD =
            new Subresource("portforward", List.of("", "v1", "PodPortForwardOptions"), List.of("create", "get"));
    private static final Subresource TOKEN =
            new Subresource("token", List.of("authentication.k8s.io", "v1", "TokenRequest"), List.of("create"));
    private static final Subresource SCALE =
            new Subresource("scale", List.of("autoscaling", "v1", "Scale"), READ_AND_WRITE);

    public Subresource {
        answer = List.copyOf(answer);
        verbs = List.copyOf(verbs);
    }

    static List<Subresource> of(ServedKind kind, String version) {
        List<Subresource> subresources = new ArrayList<>();
        if (kind.kind().equals(Kinds.POD)) {
            subresources.addAll(List.of(LOG, EXEC, FORWARD, EVICTION));
        }
        if (kind.kind().equals(Kinds.SERVICE_ACCOUNT)) {
            subresources.add(TOKEN);
        }
        if (List.of(Kinds.DEPLOYMENT, Kinds.REPLICA_SET).contains(kind.kind())
                || kind.scale(version).isPresent()) {
            subresources.add(SCALE);
        }
        if (kind.status()) {
            subresources.add(STATUS);
        }
        return subresources;
    }
}
