package dev.weft.resources.knative;

import dev.weft.resources.reading.Fields;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A share of a route's traffic (Knative's TrafficTarget, named differently here because SMI has one too).
 *
 * @param revision empty when it follows the latest ready revision
 * @param configuration whose latest revision it follows; empty for the route's own
 * @param percent 0 to 100
 * @param tag a name that makes it addressable by itself, may be empty
 * @param url filled in a route's status only
 */
public record TrafficEntry(
        String revision, String configuration, boolean latestRevision, int percent, String tag, String url) {

    /** What an empty list means: everything to the latest ready revision. */
    public static final TrafficEntry LATEST = new TrafficEntry("", "", true, 100, "", "");

    /** Reads {@code spec.traffic}; the percents must add up to 100. */
    static List<TrafficEntry> list(Fields spec, boolean configurationAllowed) {
        List<TrafficEntry> entries = spec.objects("traffic", fields -> of(fields, configurationAllowed));
        if (entries.isEmpty()) {
            return List.of(LATEST);
        }
        int sum = entries.stream().mapToInt(TrafficEntry::percent).sum();
        if (sum != 100) {
            spec.invalid("traffic", "the percents add up to " + sum + ".", "Make them add up to 100.");
        }
        Set<String> tags = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String tag = entries.get(i).tag();
            if (!tag.isEmpty() && !tags.add(tag)) {
                spec.invalid("traffic[" + i + "].tag", "\"" + tag + "\" is used twice.", "Give each its own.");
            }
        }
        return entries;
    }

    static TrafficEntry ofStatus(Fields fields) {
        return new TrafficEntry(
                fields.text("revisionName", ""),
                fields.text("configurationName", ""),
                fields.flag("latestRevision", false),
                fields.integer("percent", 0, 0, 100),
                fields.text("tag", ""),
                fields.text("url", ""));
    }

    private static TrafficEntry of(Fields fields, boolean configurationAllowed) {
        TrafficEntry entry = ofStatus(fields);
        if (fields.has("url")) {
            fields.invalid("url", "only the status has one.", "Remove it.");
        }
        if (!configurationAllowed && !entry.configuration.isEmpty()) {
            fields.invalid("configurationName", "not allowed in a Service, which has its own.", "Remove it.");
        }
        boolean latest = fields.flag("latestRevision", entry.revision.isEmpty());
        if (latest != entry.revision.isEmpty()) {
            fields.invalid(
                    "latestRevision",
                    "must be true exactly when no revisionName is given.",
                    "Remove latestRevision, or revisionName.");
        }
        if (!entry.tag.isEmpty() && !TopChecks.label(entry.tag)) {
            fields.invalid(
                    "tag", "\"" + entry.tag + "\" is no DNS label.", "Write lower case letters, digits, dashes.");
        }
        return new TrafficEntry(entry.revision, entry.configuration, latest, entry.percent, entry.tag, "");
    }
}
