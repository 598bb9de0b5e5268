package dev.weft.control.compile;

import dev.weft.control.declared.AnnotationValues;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.Balancing.HashKey;
import dev.weft.model.policy.CircuitBreaking;
import dev.weft.model.policy.CircuitBreaking.SuccessRate;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.resources.core.Service;
import dev.weft.resources.reading.HeaderSyntax;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a Service's endpoints share its requests: by its {@code sessionAffinity} and {@code trafficDistribution}, by Linkerd's
 * annotations, and by ours for what none of those can say. All of them stand in docs/balancing.md.
 */
final class BalancingAnnotations {

    private static final String LINKERD = "balancer.linkerd.io/";
    private static final String LINKERD_ALPHA = "balancer.alpha.linkerd.io/";
    private static final String WEFT = "balancer.weft.dev/";
    private static final String LIMIT = "limit.weft.dev/";

    private static final String MODE = LINKERD + "failure-accrual";
    private static final String FAILURES = LINKERD + "failure-accrual-consecutive-max-failures";
    private static final String PENALTY_MIN = LINKERD + "failure-accrual-consecutive-min-penalty";
    private static final String PENALTY_MAX = LINKERD + "failure-accrual-consecutive-max-penalty";
    private static final String JITTER = LINKERD + "failure-accrual-consecutive-jitter-ratio";
    private static final String RATE = LINKERD_ALPHA + "failure-accrual-success-rate-threshold";
    private static final String RATE_WINDOW = LINKERD_ALPHA + "failure-accrual-success-rate-window";
    private static final String RATE_REQUESTS = LINKERD_ALPHA + "failure-accrual-success-rate-min-requests";
    private static final String PENALIZE = LINKERD_ALPHA + "penalize-failures";
    private static final String PENALTY = LINKERD_ALPHA + "load-biaser-penalty";
    private static final String EJECTED = WEFT + "ejection-max-percent";
    private static final String PANIC = WEFT + "panic-percent";
    private static final String POLICY = WEFT + "policy";
    private static final String HASH_KEY = WEFT + "hash-key";
    private static final String HASH_COOKIE_TTL = WEFT + "hash-cookie-ttl";
    private static final String SLOW_START = WEFT + "slow-start";
    private static final String CONNECTIONS = LIMIT + "connections";
    private static final String PENDING = LIMIT + "pending";
    private static final String REQUESTS = LIMIT + "requests";
    private static final String RETRIES = LIMIT + "retries";
    private static final String ADAPTIVE = LIMIT + "adaptive-concurrency";

    private static final List<String> KNOWN = List.of(
            MODE,
            FAILURES,
            PENALTY_MIN,
            PENALTY_MAX,
            JITTER,
            RATE,
            RATE_WINDOW,
            RATE_REQUESTS,
            PENALIZE,
            PENALTY,
            EJECTED,
            PANIC,
            POLICY,
            HASH_KEY,
            HASH_COOKIE_TTL,
            SLOW_START,
            CONNECTIONS,
            PENDING,
            REQUESTS,
            RETRIES,
            ADAPTIVE);

    private static final Duration RATE_LIMITED_COUNTS_AS = Duration.ofSeconds(5);
    private static final int MANY = 1_000_000;

    private final Findings findings;

    BalancingAnnotations(Findings findings) {
        this.findings = findings;
    }

    TrafficPolicy policy(Declared<Service> declared) {
        Service service = declared.value().orElseThrow();
        AnnotationValues values = new AnnotationValues(declared, findings);
        values.unknown(List.of(LINKERD, LINKERD_ALPHA, WEFT, LIMIT), KNOWN);
        return new TrafficPolicy(
                balancing(values, service),
                values.duration(SLOW_START).orElse(Duration.ZERO),
                service.prefersClose() ? TrafficPolicy.Zones.CLOSE : TrafficPolicy.Zones.ANY,
                circuitBreaking(values),
                limits(values),
                values.flag(ADAPTIVE).orElse(false));
    }

    private static Balancing balancing(AnnotationValues values, Service service) {
        Balancing affine =
                service.clientAffinity() ? new Balancing.Maglev(new HashKey.SourceAddress()) : peakEwma(values);
        Optional<String> policy =
                values.word(POLICY, List.of("peak-ewma", "least-request", "round-robin", "ring-hash", "maglev"));
        return switch (policy.orElse("")) {
            case "peak-ewma" -> peakEwma(values);
            case "least-request" -> new Balancing.LeastRequest();
            case "round-robin" -> new Balancing.RoundRobin();
            case "ring-hash" ->
                key(values).<Balancing>map(Balancing.RingHash::new).orElse(affine);
            case "maglev" -> key(values).<Balancing>map(Balancing.Maglev::new).orElse(affine);
            default -> affine;
        };
    }

    private static Balancing peakEwma(AnnotationValues values) {
        boolean penalizes = values.flag(PENALIZE).orElse(false);
        Duration penalty = values.duration(PENALTY).orElse(RATE_LIMITED_COUNTS_AS);
        return penalizes ? new Balancing.PeakEwma(penalty) : Balancing.PEAK_EWMA;
    }

    private static Optional<HashKey> key(AnnotationValues values) {
        String text = values.text(HASH_KEY).orElse("");
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1).strip();
        String kind = colon < 0 ? text : text.substring(0, colon);
        boolean named = kind.equals("source-address") || HeaderSyntax.isName(name);
        return switch (named ? kind : "") {
            case "source-address" -> Optional.of(new HashKey.SourceAddress());
            case "header" -> Optional.of(new HashKey.Header(name.toLowerCase(Locale.ROOT)));
            case "cookie" -> Optional.of(new HashKey.Cookie(name, "/", values.duration(HASH_COOKIE_TTL)));
            default -> {
                values.wrong(
                        HASH_KEY,
                        "says not by what the requests are hashed",
                        "Write header:NAME, cookie:NAME or source-address.");
                yield Optional.empty();
            }
        };
    }

    private static CircuitBreaking circuitBreaking(AnnotationValues values) {
        String mode = values.word(MODE, List.of("consecutive", "unified")).orElse("");
        if (mode.isEmpty()) {
            return CircuitBreaking.OFF;
        }
        Duration least = values.duration(PENALTY_MIN).orElse(CircuitBreaking.EJECTION_MIN);
        Duration most = values.duration(PENALTY_MAX).orElse(CircuitBreaking.EJECTION_MAX);
        if (most.compareTo(least) < 0) {
            values.wrong(PENALTY_MAX, "is less than " + PENALTY_MIN, "Write at least " + least.toMillis() + "ms.");
            most = least;
        }
        Optional<SuccessRate> rate = mode.equals("unified") ? Optional.of(rate(values)) : Optional.empty();
        return new CircuitBreaking(
                values.integer(FAILURES, CircuitBreaking.CONSECUTIVE_FAILURES, 1, MANY),
                rate,
                least,
                most,
                values.number(JITTER, CircuitBreaking.JITTER, 0, 100),
                values.integer(EJECTED, CircuitBreaking.EJECTED_PERCENT_MAX, 0, 100),
                values.integer(PANIC, CircuitBreaking.PANIC_PERCENT, 0, 100));
    }

    private static SuccessRate rate(AnnotationValues values) {
        SuccessRate fallback = SuccessRate.DEFAULT;
        return new SuccessRate(
                values.number(RATE, fallback.least(), 0, 1),
                values.duration(RATE_WINDOW).orElse(fallback.window()),
                values.integer(RATE_REQUESTS, fallback.requestsMin(), 1, MANY));
    }

    private static ConnectionLimits limits(AnnotationValues values) {
        int unlimited = ConnectionLimits.UNLIMITED;
        return new ConnectionLimits(
                values.integer(CONNECTIONS, unlimited, 1, MANY),
                values.integer(PENDING, unlimited, 0, MANY),
                values.integer(REQUESTS, unlimited, 1, MANY),
                values.integer(RETRIES, unlimited, 0, MANY));
    }
}
