package dev.weft.resources.linkerd;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many requests a second may pass. Beside Linkerd's {@code Server}, the target may be a {@code Service} (its pods) or a
 * {@code Mapping} (a route of the edge), and {@code header} limits each value of a header; both are Weft's.
 *
 * @param total of all callers together, 0 for no limit
 * @param identity of each caller by itself, 0 for no limit
 */
public record HttpLocalRateLimitPolicy(
        Resource resource,
        Target target,
        int total,
        int identity,
        List<CallerOverride> overrides,
        Optional<HeaderRate> header) {

    private static final int RATE_MAX = 1_000_000;

    public enum TargetKind {
        SERVER,
        SERVICE,
        MAPPING
    }

    /** What is limited, in the policy's namespace. */
    public record Target(TargetKind kind, String name) {}

    /** A service account. */
    public record Client(String namespace, String name) {}

    /** A rate that these callers share, in place of {@code identity}. */
    public record CallerOverride(int requestsPerSecond, List<Client> clients) {
        public CallerOverride {
            clients = List.copyOf(clients);
        }
    }

    /**
     * A rate of each value.
     *
     * @param overrides other rates by value, 0 for no limit
     */
    public record HeaderRate(String name, int requestsPerSecond, Map<String, Integer> overrides) {
        public HeaderRate {
            overrides = Map.copyOf(overrides);
        }
    }

    public HttpLocalRateLimitPolicy {
        overrides = List.copyOf(overrides);
    }

    public static Read<HttpLocalRateLimitPolicy> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static HttpLocalRateLimitPolicy of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            Target target = spec.requiredObject("targetRef", HttpLocalRateLimitPolicy::target);
            int total = spec.object("total", HttpLocalRateLimitPolicy::rate).orElse(0);
            int identity =
                    spec.object("identity", HttpLocalRateLimitPolicy::rate).orElse(0);
            List<CallerOverride> overrides = spec.objects("overrides", item -> override(item, resource.namespace()));
            Optional<HeaderRate> header = spec.object("header", HttpLocalRateLimitPolicy::header);
            if (total == 0 && identity == 0 && overrides.isEmpty() && header.isEmpty()) {
                spec.missing("total", "{requestsPerSecond: 100}, or identity, overrides or header");
            }
            within(spec, "identity.requestsPerSecond", identity, total);
            for (int i = 0; i < overrides.size(); i++) {
                within(
                        spec,
                        "overrides[" + i + "].requestsPerSecond",
                        overrides.get(i).requestsPerSecond(),
                        total);
            }
            return new HttpLocalRateLimitPolicy(resource, target, total, identity, overrides, header);
        });
    }

    /** As Linkerd's admission demands. */
    private static void within(Fields spec, String field, int rate, int total) {
        if (total > 0 && rate > total) {
            spec.invalid(
                    field,
                    rate + " is more than the total of " + total + ".",
                    "Write at most " + total + ", or raise total.requestsPerSecond.");
        }
    }

    private static Target target(Fields reference) {
        reference.inert("group");
        TargetKind kind = reference
                .word("kind", List.of("Server", "Service", "Mapping"))
                .map(word -> TargetKind.valueOf(word.toUpperCase(java.util.Locale.ROOT)))
                .orElse(TargetKind.SERVER);
        if (!reference.has("kind")) {
            reference.missing("kind", "Server, Service or Mapping");
        }
        return new Target(kind, reference.requiredText("name"));
    }

    private static int rate(Fields rate) {
        return rate.requiredInteger("requestsPerSecond", 1, RATE_MAX);
    }

    private static CallerOverride override(Fields item, String namespace) {
        List<Client> clients = item.requiredObjects("clientRefs", reference -> {
            reference.inert("group");
            reference.word("kind", List.of("ServiceAccount"));
            return new Client(reference.text("namespace", namespace), reference.requiredText("name"));
        });
        return new CallerOverride(item.requiredInteger("requestsPerSecond", 1, RATE_MAX), clients);
    }

    private static HeaderRate header(Fields header) {
        Map<String, Integer> overrides = new LinkedHashMap<>();
        List<String> twice = new ArrayList<>();
        header.objects("overrides", item -> {
            String value = item.requiredText("value");
            if (overrides.put(value, item.requiredInteger("requestsPerSecond", 0, RATE_MAX)) != null) {
                twice.add(value);
            }
            return value;
        });
        if (!twice.isEmpty()) {
            header.invalid("overrides", "\"" + twice.getFirst() + "\" stands there twice.", "Keep one of them.");
        }
        String name = header.requiredText("name").toLowerCase(java.util.Locale.ROOT);
        return new HeaderRate(name, rate(header), overrides);
    }
}
