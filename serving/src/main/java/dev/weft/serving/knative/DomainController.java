package dev.weft.serving.knative;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.knative.DomainMapping;
import dev.weft.resources.knative.Route;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A DomainMapping: says whether the domain is its own, and whether what it names can answer. The first of all namespaces
 * has the domain; when it goes, the next one gets it.
 */
final class DomainController {

    private static final String REFERENCE_RESOLVED = "ReferenceResolved";
    private static final String DOMAIN_CLAIMED = "DomainClaimed";

    private final ResourceStore store;
    private final InstantSource clock;
    private final Map<String, Set<Key>> claims = new ConcurrentHashMap<>();

    DomainController(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Remembers who wants which domain, and gives all who want this one. */
    Set<Key> claim(Resource mapping, boolean gone) {
        claims.compute(mapping.name(), (domain, before) -> {
            Set<Key> wanting = before == null ? ConcurrentHashMap.newKeySet() : before;
            if (gone) {
                wanting.remove(mapping.key());
            } else {
                wanting.add(mapping.key());
            }
            return wanting.isEmpty() ? null : wanting;
        });
        return Set.copyOf(claims.getOrDefault(mapping.name(), Set.of()));
    }

    /** The mappings of a namespace, for when something there changed that they may name. */
    List<Key> in(String namespace) {
        return claims.values().stream()
                .flatMap(Set::stream)
                .filter(key -> key.namespace().equals(namespace))
                .toList();
    }

    void reconcile(Key key) {
        store.get(key).filter(mapping -> !mapping.deleting()).ifPresent(this::reconcile);
    }

    private void reconcile(Resource mapping) {
        Condition claimed = claimed(mapping);
        Condition resolved = resolved(mapping);
        boolean ours = claimed.isTrue() && resolved.isTrue();
        Condition ingress = ours
                ? Condition.yes("IngressReady")
                : Condition.unknown("IngressReady", "NotConfigured", "The domain is not served yet.");
        Condition certificate =
                new Condition("CertificateProvisioned", "True", "TLSNotEnabled", "external-domain-tls is not enabled");
        Condition ready = Conditions.ready(List.of(claimed, resolved, ingress, certificate));
        ObjectNode status =
                Conditions.status(mapping, List.of(claimed, resolved, ingress, certificate, ready), clock.instant());
        String url = "http://" + mapping.name();
        status.put("url", url);
        status.putObject("address").put("url", url);
        store.updateStatus(mapping.key(), status);
    }

    private Condition claimed(Resource mapping) {
        Optional<Resource> owner = claims.getOrDefault(mapping.name(), Set.of()).stream()
                .flatMap(key -> store.get(key).stream())
                .filter(found -> !found.deleting())
                .min(DomainMapping.FIRST_COMES_FIRST);
        boolean ours = owner.isEmpty() || owner.get().key().equals(mapping.key());
        return ours
                ? Condition.yes(DOMAIN_CLAIMED)
                : Condition.no(
                        DOMAIN_CLAIMED,
                        "DomainAlreadyClaimed",
                        "The domain \"" + mapping.name() + "\" belongs to a DomainMapping in namespace "
                                + owner.get().namespace() + ", which is older.");
    }

    private Condition resolved(Resource mapping) {
        List<Problem> problems = Validation.errors(DomainMapping.read(mapping).problems());
        if (!problems.isEmpty()) {
            return Condition.no(REFERENCE_RESOLVED, "InvalidSpec", Validation.text(problems));
        }
        DomainMapping read = DomainMapping.read(mapping).value().orElseThrow();
        return switch (read.targetKind()) {
            case ROUTE ->
                resolved(mapping, read, store.get(Kinds.ROUTE.key(mapping.namespace(), read.target())), "route");
            case SERVICE ->
                resolved(mapping, read, store.get(Kinds.SERVICE.key(mapping.namespace(), read.target())), "Service");
        };
    }

    private Condition resolved(Resource mapping, DomainMapping read, Optional<Resource> target, String what) {
        if (target.isEmpty()) {
            return Condition.no(
                    REFERENCE_RESOLVED,
                    "ResolveFailed",
                    "There is no " + what + " \"" + read.target() + "\" in namespace " + mapping.namespace() + ".");
        }
        return Route.clusterLocal(target.get(), store.list(Kinds.ROUTE))
                ? Condition.no(
                        REFERENCE_RESOLVED,
                        "ClusterLocal",
                        "\"" + read.target() + "\" is of the cluster alone, and gets no domain.")
                : Condition.yes(REFERENCE_RESOLVED);
    }
}
