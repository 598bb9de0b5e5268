package dev.weft.proxy.limit;

import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The limits of all service ports and rules that have some. Shared by all loops; changed by the control plane's thread
 * alone, before the loops learn of a snapshot. A request keeps the limits that it entered by, whatever becomes of them.
 */
public final class LimitScopes {

    private sealed interface Scope {
        record OfService(ServicePort servicePort) implements Scope {}

        record OfRule(ResourceReference source, String rule) implements Scope {}
    }

    private final int loops;
    private final ConcurrentMap<Scope, RequestLimits> limits = new ConcurrentHashMap<>();

    /** No limits yet. */
    public LimitScopes(int loops) {
        this.loops = loops;
    }

    /** Brings them up to date. */
    public void update(Snapshot snapshot, long nowNanos) {
        Set<Scope> wanted = new HashSet<>();
        for (EndpointGroup group : snapshot.groups().values()) {
            if (limited(group)) {
                Scope scope = new Scope.OfService(group.servicePort());
                wanted.add(scope);
                of(scope, "Service " + group.servicePort())
                        .update(group.policy().limits(), group.policy().adaptiveConcurrency(), nowNanos);
            }
        }
        Stream.concat(snapshot.edgeFrontends().stream(), snapshot.meshFrontends().values().stream())
                .map(Frontend::rules)
                .flatMap(List::stream)
                .filter(LimitScopes::limited)
                .forEach(rule -> {
                    Scope scope = new Scope.OfRule(rule.source(), rule.name());
                    wanted.add(scope);
                    of(scope, "The rule " + rule.name()).update(rule.traffic().limits(), false, nowNanos);
                });
        limits.keySet().retainAll(wanted);
    }

    private RequestLimits of(Scope scope, String name) {
        return limits.computeIfAbsent(scope, _ -> new RequestLimits(name, loops));
    }

    private static boolean limited(EndpointGroup group) {
        return group.policy().adaptiveConcurrency() || !group.policy().limits().equals(ConnectionLimits.NONE);
    }

    private static boolean limited(Rule rule) {
        return !rule.traffic().limits().equals(ConnectionLimits.NONE);
    }

    /** Null where the service port has none. */
    public @Nullable RequestLimits of(EndpointGroup group) {
        return limited(group) ? limits.get(new Scope.OfService(group.servicePort())) : null;
    }

    /** Null where the rule has none. */
    public @Nullable RequestLimits of(Rule rule) {
        return limited(rule) ? limits.get(new Scope.OfRule(rule.source(), rule.name())) : null;
    }
}
