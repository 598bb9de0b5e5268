package dev.weft.proxy;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.policy.RetryPolicy.Budget;
import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import dev.weft.proxy.access.Authorizer;
import dev.weft.proxy.exchange.Programs;
import dev.weft.proxy.exchange.View;
import dev.weft.proxy.message.HeadBounds;
import dev.weft.proxy.rate.RateLimiter;
import dev.weft.proxy.retry.RetryBudget;
import dev.weft.proxy.route.HostPolicies;
import dev.weft.proxy.route.RouteTable;
import dev.weft.proxy.route.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes each snapshot's {@link View}, keeping what did not change. Owner: the proxy's control thread. */
final class Views {

    private final int loops;
    private final RandomGenerator random;
    private RouteTable routes = RouteTable.empty();
    private Map<String, Authorizer> authorizers = Map.of();
    private Map<String, List<RetryBudget>> budgets = Map.of();
    private Map<String, List<RateLimiter>> limiters = Map.of();

    Views(int loops, RandomGenerator random) {
        this.loops = loops;
        this.random = random;
    }

    View next(Snapshot snapshot) {
        routes = routes.next(snapshot, loops, random);
        authorizers = authorizers(snapshot);
        budgets = budgets(snapshot);
        limiters = limiters(snapshot);
        return new View(
                snapshot,
                routes,
                authorizers,
                budgets,
                limiters,
                View.endpointsOf(snapshot),
                zones(snapshot),
                Signature.of(snapshot.edgeRules()),
                HostPolicies.of(snapshot),
                Programs.of(snapshot),
                snapshot.meshHeads().map(HeadBounds::of).orElse(HeadBounds.DEFAULT));
    }

    private static Map<Workload, String> zones(Snapshot snapshot) {
        Map<Workload, String> zones = new HashMap<>();
        for (Instance instance : snapshot.instances()) {
            String zone = instance.labels().get(Instance.ZONE_LABEL);
            if (zone != null) {
                zones.put(instance.workload(), zone);
            }
        }
        return zones;
    }

    private Map<String, Authorizer> authorizers(Snapshot snapshot) {
        Map<String, Authorizer> next = new HashMap<>();
        for (Instance instance : snapshot.instances()) {
            Workload workload = instance.workload();
            String pod = workload.namespace() + "/" + workload.name();
            AccessPolicy policy = snapshot.access().get(pod);
            if (policy == null) {
                continue;
            }
            Authorizer before = authorizers.get(pod);
            boolean same = before != null && before.policy().equals(policy);
            next.put(pod, same ? before : Authorizer.of(policy, workload.identity()));
        }
        return next;
    }

    private Map<String, List<RateLimiter>> limiters(Snapshot snapshot) {
        Map<String, List<RateLimit>> limits = new HashMap<>(snapshot.limits());
        Stream.concat(snapshot.edgeFrontends().stream(), snapshot.meshFrontends().values().stream())
                .flatMap(frontend -> frontend.rules().stream())
                .flatMap(rule -> rule.filters().stream())
                .forEach(filter -> {
                    if (filter instanceof RouteFilter.LimitRate(RateLimit limit)) {
                        limits.put(limit.source().toString(), List.of(limit));
                    }
                });
        Map<String, List<RateLimiter>> next = new HashMap<>();
        limits.forEach((key, wanted) -> next.put(
                key,
                wanted.stream()
                        .map(limit -> limiter(limiters.getOrDefault(key, List.of()), limit))
                        .toList()));
        return next;
    }

    /** The one from before, with what it has counted, while the limit stays as it is. */
    private static RateLimiter limiter(List<RateLimiter> before, RateLimit limit) {
        return before.stream()
                .filter(known -> known.limit().equals(limit))
                .findFirst()
                .orElseGet(() -> new RateLimiter(limit, System.nanoTime()));
    }

    private Map<String, List<RetryBudget>> budgets(Snapshot snapshot) {
        Map<String, List<RetryBudget>> next = new HashMap<>();
        Stream.concat(snapshot.edgeFrontends().stream(), snapshot.meshFrontends().values().stream())
                .forEach(frontend -> next.computeIfAbsent(frontend.name(), _ -> budgets(frontend)));
        return next;
    }

    private List<RetryBudget> budgets(Frontend frontend) {
        return frontend.rules().stream()
                .map(rule -> rule.retry().budget())
                .distinct()
                .map(terms -> budget(frontend.name(), terms))
                .toList();
    }

    /** The one from before, with what it has counted, while the terms stay as they are. */
    private RetryBudget budget(String frontend, Budget terms) {
        return budgets.getOrDefault(frontend, List.of()).stream()
                .filter(known -> known.terms().equals(terms))
                .findFirst()
                .orElseGet(() -> new RetryBudget(terms, loops));
    }
}
