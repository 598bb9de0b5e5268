package dev.weft.resources.emissary;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;

/**
 * Where spans are sent: OTLP over HTTP, whatever the driver's own form is in Emissary.
 *
 * @param collector {@code http[s]://HOST:PORT[/PATH]}; empty where its driver speaks something else
 * @param share of the requests whose caller decided nothing, 0 to 1
 */
public record TracingService(Resource resource, String collector, double share) {

    private static final String OTLP = "opentelemetry";
    private static final int EVERY = 100;

    /** OTLP's port for gRPC, which Emissary would use. */
    private static final String GRPC_PORT = ":4317";

    public static Read<TracingService> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static TracingService of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("ambassador_id", "stats_name");
            spec.noEffect(
                    "spans have the attributes of docs/observing.md.", "Remove it.", "custom_tags", "tag_headers");
            spec.noEffect(
                    "contexts go on in the form in which they came, W3C's or B3's, and in W3C's where they begin.",
                    "Remove it.",
                    "config");
            String driver =
                    spec.word("driver", List.of(OTLP, "zipkin", "datadog")).orElse("");
            if (driver.isEmpty() && !spec.has("driver")) {
                spec.missing("driver", OTLP);
            }
            double share = spec.object("sampling", TracingService::share).orElse(1.0);
            return new TracingService(resource, collector(spec, driver), share);
        });
    }

    private static String collector(Fields spec, String driver) {
        String service = spec.requiredText("service");
        if (!driver.equals(OTLP)) {
            spec.noEffect(
                    "spans are sent as OTLP over HTTP, which a collector of this kind does not read.",
                    "Write driver: " + OTLP + ", and the port at which the collector takes OTLP over HTTP.",
                    "driver");
            return "";
        }
        if (service.endsWith(GRPC_PORT)) {
            spec.warning(
                    "service",
                    "NotHttp",
                    spec.path("service") + ": 4317 is OTLP's port for gRPC, and spans are sent over HTTP.",
                    "Write the port for HTTP, mostly 4318.");
        }
        String uri = service.contains("://") ? service : "http://" + service;
        if (!uri.matches("https?://[A-Za-z0-9._\\[\\]:-]+(/[!-~]*)?")) {
            spec.invalid("service", "\"" + service + "\" is no address.", "Write for example 127.0.0.1:4318.");
        }
        return uri;
    }

    /** What {@code random} and {@code overall} leave; clients decide by their context's own flag. */
    private static double share(Fields sampling) {
        sampling.inert("client");
        int random = sampling.integer("random", EVERY, 0, EVERY);
        int overall = sampling.integer("overall", EVERY, 0, EVERY);
        return Math.min(random, overall) / (double) EVERY;
    }
}
