package dev.weft.proxy.stack;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.RateLimit;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.rate.RateLimiter;
import dev.weft.proxy.route.Routing;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Refuses what comes too often: to a pod, inbound; on a route, elsewhere. The buckets are shared by all loops. */
final class LimitRate implements Station {

    @Override
    public boolean pass(Exchange exchange) {
        Map<String, List<RateLimiter>> limiters = exchange.snapshot().limiters();
        if (limiters.isEmpty()) {
            return true;
        }
        Optional<Entrance.Inbound> inbound = exchange.entrance().inbound();
        if (inbound.isPresent()) {
            String pod = inbound.get().pod();
            int port = inbound.get().servicePort().port();
            return pass(limiters.getOrDefault(pod, List.of()), exchange)
                    && pass(limiters.getOrDefault(pod + ":" + port, List.of()), exchange);
        }
        List<RateLimit> limits = exchange.routed()
                .map(Routing.Forward::route)
                .map(route -> route.actions().limits())
                .orElse(List.of());
        for (RateLimit limit : limits) {
            if (!pass(limiters.getOrDefault(limit.source().toString(), List.of()), exchange)) {
                return false;
            }
        }
        return true;
    }

    private static boolean pass(List<RateLimiter> limiters, Exchange exchange) {
        for (RateLimiter limiter : limiters) {
            RateLimiter.Decision decision = limiter.decide(
                    exchange.clientPeer().identity(),
                    exchange.clientAddress(),
                    name -> exchange.view().header(name),
                    System.nanoTime());
            if (!decision.passes()) {
                return exchange.refuse(
                        ErrorCode.RATE_LIMITED,
                        limiter.limit().source() + ": " + decision.rate() + " is used up.",
                        decision.retryAfterSeconds());
            }
        }
        return true;
    }
}
