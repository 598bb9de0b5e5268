package dev.weft.resources.knative;

import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Names;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What {@code autoscaling.knative.dev/…} may say, as Knative's own admission refuses it; both spellings of each name. */
final class ScalingChecks {

    private static final String GROUP = "autoscaling.knative.dev/";
    private static final String OWN_CLASS = "kpa.autoscaling.knative.dev";
    private static final Duration HOUR = Duration.ofHours(1);

    /** Numbers by their names, with the least and the most. */
    private static final Map<String, List<Double>> NUMBERS = Map.of(
            "min-scale", List.of(0.0, 1e9),
            "max-scale", List.of(0.0, 1e9),
            "initial-scale", List.of(0.0, 1e9),
            "activation-scale", List.of(1.0, 1e9),
            "target", List.of(0.01, 1e12),
            "target-utilization-percentage", List.of(1.0, 100.0),
            "panic-window-percentage", List.of(1.0, 100.0),
            "panic-threshold-percentage", List.of(110.0, 1000.0),
            "target-burst-capacity", List.of(-1.0, 1e12));

    private static final List<String> WHOLE = List.of("min-scale", "max-scale", "initial-scale", "activation-scale");
    private static final Map<String, Duration> DURATIONS = Map.of(
            "window", Duration.ofSeconds(6),
            "scale-down-delay", Duration.ZERO,
            "scale-to-zero-pod-retention-period", Duration.ZERO);
    private static final Map<String, List<String>> WORDS = Map.of(
            "metric", List.of("concurrency", "rps"),
            "metric-aggregation-algorithm", List.of("linear", "weighted-exponential", "weightedExponential"));
    private static final List<String> FREE = List.of("class");

    private ScalingChecks() {}

    static void of(Fields annotations) {
        for (String name : annotations.names()) {
            if (name.startsWith(GROUP)) {
                Optional<String> text = annotations.text(name);
                String plain = plain(name.substring(GROUP.length()));
                text.ifPresent(it -> one(annotations, name, plain, it));
            }
        }
        double least = number(annotations, "min-scale");
        double most = number(annotations, "max-scale");
        if (most > 0 && least > most) {
            annotations.invalid(
                    name(annotations, "max-scale"),
                    "is less than min-scale.",
                    "Write at least as many as min-scale, or 0 for no limit.");
        }
    }

    private static void one(Fields annotations, String name, String plain, String text) {
        if (plain.equals("metric") && foreign(annotations)) {
            foreignMetric(annotations, name, text);
        } else if (NUMBERS.containsKey(plain)) {
            List<Double> range = NUMBERS.getOrDefault(plain, List.of());
            double value = number(text);
            boolean whole = !WHOLE.contains(plain) || value == Math.rint(value);
            if (!(value >= range.getFirst() && value <= range.getLast() && whole)) {
                annotations.invalid(
                        name,
                        "\"" + text + "\" is not a " + (WHOLE.contains(plain) ? "whole number" : "number") + " from "
                                + shown(range.getFirst()) + " on.",
                        "Write a number" + (range.getLast() < 1e6 ? " up to " + shown(range.getLast()) : "") + ".");
            }
        } else if (DURATIONS.containsKey(plain)) {
            Optional<Duration> duration = Durations.parse(text);
            boolean fits = duration.isPresent()
                    && duration.get().compareTo(DURATIONS.getOrDefault(plain, HOUR)) >= 0
                    && duration.get().compareTo(HOUR) <= 0;
            if (!fits) {
                annotations.invalid(
                        name,
                        "\"" + text + "\" is no time of at most 1h that is long enough.",
                        "Write for example 60s.");
            }
        } else if (WORDS.containsKey(plain)) {
            List<String> words = WORDS.getOrDefault(plain, List.of());
            if (!words.contains(text)) {
                annotations.invalid(
                        name,
                        "\"" + text + "\" is not one of " + String.join(", ", words) + ".",
                        Names.nearest(text, words)
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Write " + String.join(" or ", words) + "."));
            }
        } else if (!FREE.contains(plain)) {
            annotations.warning(
                    name,
                    "NoEffect",
                    annotations.path(name) + " has no effect: there is no such annotation.",
                    Names.nearest(plain, NUMBERS.keySet())
                            .or(() -> Names.nearest(plain, DURATIONS.keySet()))
                            .or(() -> Names.nearest(plain, WORDS.keySet()))
                            .map(near -> "Did you mean " + GROUP + near + "?")
                            .orElse("Remove it."));
        }
    }

    /** Whether another autoscaler is asked for, which has measures of its own. */
    private static boolean foreign(Fields annotations) {
        String scaler = annotations.raw(name(annotations, "class")).asString(OWN_CLASS);
        return !scaler.isEmpty() && !scaler.equals(OWN_CLASS);
    }

    private static void foreignMetric(Fields annotations, String name, String text) {
        if (text.isBlank()) {
            annotations.invalid(name, "\"\" is no measure.", "Write for example cpu.");
        } else if (!WORDS.getOrDefault("metric", List.of()).contains(text)) {
            annotations.warning(
                    name,
                    "NoEffect",
                    annotations.path(name) + " has no effect: whatever the class, pods are scaled by concurrency.",
                    "Write concurrency or rps, or expect the behaviour without it.");
        }
    }

    /** The annotation as it is written here, in either spelling. */
    private static String name(Fields annotations, String plain) {
        return annotations.names().stream()
                .filter(name -> name.startsWith(GROUP)
                        && plain(name.substring(GROUP.length())).equals(plain))
                .findFirst()
                .orElse(GROUP + plain);
    }

    private static double number(Fields annotations, String plain) {
        return number(annotations.raw(name(annotations, plain)).asString(""));
    }

    private static double number(String text) {
        return text.matches("-?\\d{1,12}(\\.\\d{1,9})?") ? Double.parseDouble(text) : Double.NaN;
    }

    private static String shown(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /** {@code minScale} as {@code min-scale}. */
    private static String plain(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
