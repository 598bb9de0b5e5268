package dev.weft.control.declared;

import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Names;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The annotations of one resource, read with a problem for each that is wrong; a wrong one is as if it were not there. */
public final class AnnotationValues {

    private final Declared<?> declared;
    private final Findings findings;

    public AnnotationValues(Declared<?> declared, Findings findings) {
        this.declared = declared;
        this.findings = findings;
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(declared.resource().annotations().get(name)).map(String::strip);
    }

    public Optional<String> word(String name, List<String> words) {
        Optional<String> text = text(name);
        if (text.isPresent() && !words.contains(text.get())) {
            wrong(name, "is not one of " + String.join(", ", words), suggestion(text.get(), words));
            return Optional.empty();
        }
        return text;
    }

    private static String suggestion(String word, Collection<String> words) {
        return Names.nearest(word, words)
                .map(near -> "Did you mean " + near + "?")
                .orElse("Write one of " + String.join(", ", words) + ".");
    }

    public Optional<Boolean> flag(String name) {
        return word(name, List.of("true", "false")).map("true"::equals);
    }

    public int integer(String name, int fallback, int least, int most) {
        return number(name, least, most, true).map(Double::intValue).orElse(fallback);
    }

    public double number(String name, double fallback, double least, double most) {
        return number(name, least, most, false).orElse(fallback);
    }

    private Optional<Double> number(String name, double least, double most, boolean whole) {
        Optional<String> text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String form = whole ? "\\d{1,9}" : "\\d{1,9}(\\.\\d{1,9})?";
        double value = text.get().matches(form) ? Double.parseDouble(text.get()) : Double.NaN;
        if (value >= least && value <= most) {
            return Optional.of(value);
        }
        String range = (whole ? (long) least + " to " + (long) most : least + " to " + most);
        wrong(name, "is not a number from " + range, "Write a number from " + range + ".");
        return Optional.empty();
    }

    /** More than zero. */
    public Optional<Duration> duration(String name) {
        Optional<String> text = text(name);
        Optional<Duration> duration = text.flatMap(Durations::parse).filter(found -> !found.isZero());
        if (text.isPresent() && duration.isEmpty()) {
            wrong(name, "is no duration above 0", "Write for example 10s or 1m30s.");
        }
        return duration;
    }

    /** Notes every annotation that begins like these and is none of them. */
    public void unknown(List<String> prefixes, Collection<String> known) {
        for (String name : declared.resource().annotations().keySet()) {
            if (prefixes.stream().anyMatch(name::startsWith) && !known.contains(name)) {
                findings.warning(
                        declared.key(),
                        "metadata.annotations." + name,
                        "AnnotationUnknown",
                        "annotation " + name + " is not known and has no effect.",
                        Names.nearest(name, known)
                                .map(near -> "Did you mean " + near + "?")
                                .orElse("Remove it; docs/balancing.md lists what there is."));
            }
        }
    }

    public void wrong(String name, String problem, String remedy) {
        findings.warning(
                declared.key(),
                "metadata.annotations." + name,
                "AnnotationInvalid",
                "\"" + text(name).orElse("") + "\" " + problem + ", so the annotation has no effect.",
                remedy);
    }
}
