package dev.weft.resources.emissary;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.Balancing.HashKey;
import dev.weft.model.policy.ConnectionLimits;
import dev.weft.model.policy.RouteTraffic;
import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Mapping's {@code load_balancer}, {@code circuit_breakers} and {@code priority}. */
final class MappingTraffic {

    private static final List<String> POLICIES = List.of("round_robin", "least_request", "ring_hash", "maglev");
    private static final List<String> PRIORITIES = List.of("default", "high");
    private static final Pattern COOKIE_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern COOKIE_PATH = Pattern.compile("[ -:<-~]*");
    private static final String KEY_REMEDY = "Write exactly one of cookie, header and source_ip.";

    private MappingTraffic() {}

    static RouteTraffic read(Fields spec) {
        return new RouteTraffic(balancing(spec), limits(spec).getOrDefault(priority(spec), ConnectionLimits.NONE));
    }

    static String priority(Fields spec) {
        return spec.word("priority", PRIORITIES).orElse(PRIORITIES.getFirst());
    }

    /** By priority; the first of each counts. */
    static Map<String, ConnectionLimits> limits(Fields fields) {
        return fields.objects("circuit_breakers", MappingTraffic::thresholds).stream()
                .collect(Collectors.toMap(Thresholds::priority, Thresholds::limits, (first, _) -> first));
    }

    static Optional<Balancing> balancing(Fields fields) {
        return fields.object("load_balancer", MappingTraffic::policy).flatMap(found -> found);
    }

    private record Thresholds(String priority, ConnectionLimits limits) {}

    private static Thresholds thresholds(Fields fields) {
        ConnectionLimits emissary = ConnectionLimits.EMISSARY;
        return new Thresholds(
                fields.word("priority", PRIORITIES).orElse("default"),
                new ConnectionLimits(
                        fields.integer("max_connections", emissary.connectionsMax(), 1, Integer.MAX_VALUE),
                        fields.integer("max_pending_requests", emissary.pendingMax(), 0, Integer.MAX_VALUE),
                        fields.integer("max_requests", emissary.requestsMax(), 1, Integer.MAX_VALUE),
                        fields.integer("max_retries", emissary.retriesMax(), 0, Integer.MAX_VALUE)));
    }

    private static Optional<Balancing> policy(Fields fields) {
        Optional<HashKey> key = key(fields);
        if (!fields.has("policy")) {
            fields.missing("policy", "one of " + String.join(", ", POLICIES));
        }
        String policy = fields.word("policy", POLICIES).orElse("");
        boolean hashes = policy.equals("ring_hash") || policy.equals("maglev");
        if (hashes && key.isEmpty()) {
            fields.invalid("policy", policy + " needs to know by what it hashes.", KEY_REMEDY);
        } else if (!hashes && key.isPresent() && !policy.isEmpty()) {
            fields.invalid(
                    "policy",
                    policy + " hashes nothing, so cookie, header and source_ip have no place here.",
                    "Write ring_hash or maglev, or remove them.");
        }
        return switch (policy) {
            case "round_robin" -> Optional.of(new Balancing.RoundRobin());
            case "least_request" -> Optional.of(new Balancing.LeastRequest());
            case "ring_hash" -> key.map(Balancing.RingHash::new);
            case "maglev" -> key.map(Balancing.Maglev::new);
            default -> Optional.empty();
        };
    }

    private static Optional<HashKey> key(Fields fields) {
        Optional<HashKey> cookie = fields.object("cookie", MappingTraffic::cookie);
        Optional<HashKey> header = fields.text("header").map(name -> new HashKey.Header(name.toLowerCase(Locale.ROOT)));
        Optional<HashKey> source =
                fields.flag("source_ip", false) ? Optional.of(new HashKey.SourceAddress()) : Optional.empty();
        List<HashKey> all = List.of(cookie, header, source).stream()
                .flatMap(Optional::stream)
                .toList();
        if (all.size() > 1) {
            fields.invalid("policy", "requests are hashed by one thing only.", KEY_REMEDY);
        }
        return all.stream().findFirst();
    }

    private static HashKey cookie(Fields fields) {
        Optional<String> text = fields.text("ttl");
        Optional<Duration> timeToLive = text.flatMap(Durations::parse);
        if (text.isPresent() && timeToLive.isEmpty()) {
            fields.invalid("ttl", "\"" + text.get() + "\" is no duration.", "Write for example 60s.");
        }
        String name = fields.requiredText("name");
        if (!name.isEmpty() && !COOKIE_NAME.matcher(name).matches()) {
            fields.invalid("name", "\"" + name + "\" is no cookie name.", "Use letters, digits, - and _.");
        }
        String path = fields.text("path", "");
        if (!COOKIE_PATH.matcher(path).matches()) {
            fields.invalid("path", "\"" + path + "\" is no path of a cookie.", "Write for example /.");
        }
        return new HashKey.Cookie(name, path, timeToLive);
    }
}
