package dev.weft.serving.scale;

import dev.weft.resources.reading.Durations;
import dev.weft.serving.scale.ScalingPolicy.Aggregation;
import dev.weft.serving.scale.ScalingPolicy.Fault;
import dev.weft.serving.scale.ScalingPolicy.Metric;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads {@code autoscaling.knative.dev/…}; each annotation in kebab-case or in camelCase, as Knative does. */
final class ScalingAnnotations {

    static final String GROUP = "autoscaling.knative.dev/";

    private static final String OWN_CLASS = "kpa.autoscaling.knative.dev";
    private static final double CONCURRENCY_DEFAULT = 100;
    private static final double RPS_DEFAULT = 200;
    private static final double TARGET_MIN = 0.01;
    private static final double MAX_SCALE_UP_RATE = 1000;
    private static final double MAX_SCALE_DOWN_RATE = 2;
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<String, String> annotations;
    private final List<Fault> faults = new ArrayList<>();

    ScalingAnnotations(Map<String, String> annotations) {
        this.annotations = annotations;
    }

    ScalingPolicy.Read policy(int containerConcurrency) {
        Metric metric = metric();
        double total = total(metric, containerConcurrency);
        double utilisation = number("target-utilization-percentage", 70, 1, 100) / 100;
        Duration stable = duration("window", Duration.ofSeconds(60), Duration.ofSeconds(6), HOUR);
        double panicShare = number("panic-window-percentage", 10, 1, 100) / 100;
        long panicSeconds = Math.max(1, Math.round(stable.toSeconds() * panicShare));
        int minScale = count("min-scale", 0, 0);
        int maxScale = count("max-scale", 0, 0);
        if (maxScale > 0 && maxScale < minScale) {
            fault("max-scale", "is " + maxScale + ", less than min-scale, which is " + minScale);
            maxScale = minScale;
        }
        ScalingPolicy policy = new ScalingPolicy(
                metric,
                aggregation(),
                total,
                Math.max(TARGET_MIN, total * utilisation),
                stable,
                Duration.ofSeconds(panicSeconds),
                number("panic-threshold-percentage", 200, 110, 1000) / 100,
                MAX_SCALE_UP_RATE,
                MAX_SCALE_DOWN_RATE,
                minScale,
                maxScale,
                count("initial-scale", 1, 0),
                activationScale(minScale, maxScale),
                duration("scale-down-delay", Duration.ZERO, Duration.ZERO, HOUR),
                duration("scale-to-zero-pod-retention-period", Duration.ZERO, Duration.ZERO, HOUR),
                burst());
        return new ScalingPolicy.Read(policy, faults);
    }

    private double total(Metric metric, int containerConcurrency) {
        double fallback = switch (metric) {
            case RPS -> RPS_DEFAULT;
            case CONCURRENCY -> containerConcurrency > 0 ? containerConcurrency : CONCURRENCY_DEFAULT;
        };
        double total = number("target", fallback, TARGET_MIN, Double.MAX_VALUE);
        boolean capped = metric == Metric.CONCURRENCY && containerConcurrency > 0;
        return capped ? Math.min(total, containerConcurrency) : total;
    }

    private Metric metric() {
        String value = text("metric");
        return switch (value) {
            case "", "concurrency" -> Metric.CONCURRENCY;
            case "rps" -> Metric.RPS;
            default -> {
                if (text("class").isEmpty() || text("class").equals(OWN_CLASS)) { // others have measures of their own
                    fault("metric", "is \"" + value + "\" (expected: concurrency or rps)");
                }
                yield Metric.CONCURRENCY;
            }
        };
    }

    private Aggregation aggregation() {
        String value = text("metric-aggregation-algorithm");
        return switch (value) {
            case "", "linear" -> Aggregation.LINEAR;
            case "weighted-exponential", "weightedExponential" -> Aggregation.WEIGHTED_EXPONENTIAL;
            default -> {
                fault(
                        "metric-aggregation-algorithm",
                        "is \"" + value + "\" (expected: linear or weighted-exponential)");
                yield Aggregation.LINEAR;
            }
        };
    }

    private int activationScale(int minScale, int maxScale) {
        if (text("activation-scale").isEmpty()) {
            return 1;
        }
        int scale = count("activation-scale", 1, 2);
        if (scale < minScale || (maxScale > 0 && scale > maxScale)) {
            fault("activation-scale", "is " + scale + " (expected: between min-scale and max-scale)");
            return 1;
        }
        return scale;
    }

    private double burst() {
        return text("target-burst-capacity").equals("-1")
                ? -1
                : number("target-burst-capacity", 211, 0, Double.MAX_VALUE);
    }

    private double number(String name, double fallback, double min, double max) {
        String value = text(name);
        if (value.isEmpty()) {
            return fallback;
        }
        try {
            double number = Double.parseDouble(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, with every other value that cannot be used
        }
        fault(name, "is \"" + value + "\" (expected: a number " + range(min, max) + ")");
        return fallback;
    }

    private int count(String name, int fallback, int min) {
        String value = text(name);
        if (value.isEmpty()) {
            return fallback;
        }
        try {
            int count = Integer.parseInt(value);
            if (count >= min) {
                return count;
            }
        } catch (NumberFormatException e) {
            // told below, with every other value that cannot be used
        }
        fault(name, "is \"" + value + "\" (expected: a whole number of " + min + " or more)");
        return fallback;
    }

    private Duration duration(String name, Duration fallback, Duration min, Duration max) {
        String value = text(name);
        if (value.isEmpty()) {
            return fallback;
        }
        Duration duration = Durations.parse(value).orElse(Duration.ofNanos(-1));
        boolean whole = duration.toNanosPart() == 0;
        if (whole && duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
            return duration;
        }
        fault(
                name,
                "is \"" + value + "\" (expected: whole seconds from " + min.toSeconds() + "s to " + max.toHours()
                        + "h, such as 90s)");
        return fallback;
    }

    private String text(String name) {
        String kebab = annotations.getOrDefault(GROUP + name, "");
        return kebab.isEmpty() ? annotations.getOrDefault(GROUP + camelCase(name), "") : kebab;
    }

    private void fault(String name, String message) {
        boolean kebab = annotations.containsKey(GROUP + name);
        faults.add(new Fault(GROUP + (kebab ? name : camelCase(name)), message));
    }

    private static String range(double min, double max) {
        return max == Double.MAX_VALUE ? "of " + plain(min) + " or more" : "from " + plain(min) + " to " + plain(max);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String camelCase(String kebab) {
        String[] words = kebab.split("-", -1);
        StringBuilder camel = new StringBuilder(words[0]);
        for (int i = 1; i < words.length; i++) {
            camel.append(words[i].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[i].substring(1));
        }
        return camel.toString();
    }
}
