package dev.weft.resources.knative;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.Comparator;

/**
 * A domain of one's own for a service; its name is the domain.
 *
 * @param target the name of the route or Service that answers, in the same namespace
 */
public record DomainMapping(Resource resource, String target, TargetKind targetKind) {

    /** Which of two mappings of one domain has it: the older, and among equals the first by namespace. */
    public static final Comparator<Resource> FIRST_COMES_FIRST = Comparator.comparing((Resource mapping) ->
                    mapping.at("/metadata/creationTimestamp").asString(""))
            .thenComparing(Resource::namespace);

    private static final String CLUSTER_DOMAIN = "cluster.local";

    /** What kind of thing answers. */
    public enum TargetKind {
        /** A Knative service or route, by the route's name. */
        ROUTE,
        /** A Service of the core API. */
        SERVICE
    }

    public static Read<DomainMapping> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static DomainMapping of(Resource resource, Fields root) {
        String domain = resource.name();
        if (!domain.contains(".")) {
            root.invalid("metadata.name", "\"" + domain + "\" is no full domain name.", "Write hello.example.org.");
        }
        if (domain.endsWith("." + CLUSTER_DOMAIN)) {
            root.invalid(
                    "metadata.name", "\"" + domain + "\" is inside " + CLUSTER_DOMAIN + ".", "Choose another domain.");
        }
        if (!resource.at("/metadata/generateName").asString("").isEmpty()) {
            root.invalid("metadata.generateName", "the name is the domain, and cannot be made up.", "Write the name.");
        }
        return root.requiredObject("spec", spec -> {
            spec.noEffect("certificates are declared with a Host.", "Name the Secret in a Host's tlsSecret.", "tls");
            return spec.requiredObject("ref", ref -> of(resource, ref, ref.requiredText("name")));
        });
    }

    private static DomainMapping of(Resource resource, Fields ref, String name) {
        ref.inert("address");
        String kind = ref.requiredText("kind");
        String version = ref.requiredText("apiVersion");
        boolean knative = version.startsWith("serving.knative.dev/");
        boolean route = knative && (kind.equals("Service") || kind.equals("Route"));
        boolean core = version.equals("v1") && kind.equals("Service");
        if (!kind.isEmpty() && !version.isEmpty() && !route && !core) {
            ref.invalid(
                    "kind",
                    kind + " in " + version + " cannot answer for a domain.",
                    "Name a Knative Service or Route, or a Service of v1.");
        }
        String namespace = ref.text("namespace", resource.namespace());
        if (!namespace.equals(resource.namespace())) {
            ref.invalid("namespace", "must be the mapping's own, " + resource.namespace() + ".", "Remove it.");
        }
        return new DomainMapping(resource, name, core ? TargetKind.SERVICE : TargetKind.ROUTE);
    }
}
