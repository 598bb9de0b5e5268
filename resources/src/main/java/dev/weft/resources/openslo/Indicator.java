package dev.weft.resources.openslo;

import dev.weft.resources.reading.Fields;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is measured. */
public sealed interface Indicator {

    /** Good (or bad) events out of all events; one of {@code good} and {@code bad} is present. */
    record Ratio(boolean counter, Optional<MetricSource> good, Optional<MetricSource> bad, MetricSource total)
            implements Indicator {}

    /** A value that is compared with each objective's. */
    record Threshold(MetricSource metric) implements Indicator {}

    /**
     * Where numbers come from.
     *
     * @param type who understands the rest, for example {@code Weft} or {@code Prometheus}; may be empty
     * @param spec free
     */
    record MetricSource(String type, String reference, ObjectNode spec) {}

    static Indicator of(Fields indicator) {
        indicator.inert("metadata");
        return indicator.requiredObject("spec", spec -> {
            spec.inert("description");
            Optional<Indicator> ratio = spec.object("ratioMetric", Indicator::ratio);
            Optional<Indicator> threshold = spec.object("thresholdMetric", metric -> new Threshold(source(metric)));
            if (ratio.isPresent() == threshold.isPresent()) {
                spec.invalid("", "exactly one of ratioMetric and thresholdMetric is wanted.", "Give one of them.");
            }
            return ratio.or(() -> threshold).orElseGet(() -> new Threshold(nothing()));
        });
    }

    private static Indicator ratio(Fields ratio) {
        ratio.unsupported("raw", "rawType");
        Optional<MetricSource> good = ratio.object("good", Indicator::source);
        Optional<MetricSource> bad = ratio.object("bad", Indicator::source);
        if (good.isPresent() == bad.isPresent()) {
            ratio.invalid("", "exactly one of good and bad is wanted.", "Give one of them.");
        }
        return new Ratio(ratio.flag("counter", true), good, bad, ratio.requiredObject("total", Indicator::source));
    }

    private static MetricSource source(Fields metric) {
        return metric.requiredObject(
                "metricSource",
                source -> new MetricSource(
                        source.text("type", ""),
                        source.text("metricSourceRef", ""),
                        source.rawObject("spec").orElseGet(JsonNodeFactory.instance::objectNode)));
    }

    private static MetricSource nothing() {
        return new MetricSource("", "", JsonNodeFactory.instance.objectNode());
    }
}
