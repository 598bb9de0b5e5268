package dev.weft.resources.reading;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.ResourceReference;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Collects the problems of one resource while it is read. */
public final class Reading {

    /** Of how many fields that nobody reads it is told by name. */
    static final int UNKNOWN_TOLD_MAX = 50;

    private final ResourceReference reference;
    private final Function<String, Location> locate;
    private final Set<Problem> problems = new LinkedHashSet<>(); // a part may be read twice
    private final List<Fields> objects = new ArrayList<>();
    private int muted;
    private int unknown;

    private Reading(ResourceReference reference, Function<String, Location> locate) {
        this.reference = reference;
        this.locate = locate;
    }

    /** Reads a resource whose text is not at hand. */
    public static <T> Read<T> of(Resource resource, Function<Fields, T> read) {
        return of(resource, path -> Location.API, read);
    }

    /**
     * Reads a whole resource.
     *
     * @param locate where a field was written, by its path
     * @param read builds the typed value from the root's fields; it may build nonsense after a problem was noted
     */
    public static <T> Read<T> of(Resource resource, Function<String, Location> locate, Function<Fields, T> read) {
        Reading reading = new Reading(resource.key().reference(), locate);
        Fields root = reading.open("", resource.json());
        root.inert("apiVersion", "kind", "metadata", "status");
        T value = read.apply(root);
        reading.objects.forEach(Fields::reportUnknown);
        if (reading.unknown > UNKNOWN_TOLD_MAX) {
            reading.warning(
                    "",
                    "FieldsUnknown",
                    (reading.unknown - UNKNOWN_TOLD_MAX) + " more fields are unknown or have no effect.",
                    "Mend those that are told of first.");
        }
        boolean failed = reading.problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
        return new Read<>(failed ? Optional.empty() : Optional.of(value), List.copyOf(reading.problems));
    }

    Fields open(String path, JsonNode node) {
        Fields fields = new Fields(this, path, node);
        if (muted == 0) {
            objects.add(fields);
        }
        return fields;
    }

    /** Counts a field that nobody reads; whether it is told of by name. */
    boolean tellsUnknown() {
        unknown++;
        return unknown <= UNKNOWN_TOLD_MAX;
    }

    /** Builds a stand-in for a part that is missing, whose absence has been noted already. */
    <T> T muted(String path, Function<Fields, T> read) {
        muted++;
        try {
            return read.apply(open(path, tools.jackson.databind.node.JsonNodeFactory.instance.objectNode()));
        } finally {
            muted--;
        }
    }

    void error(String path, String reason, String message, String remedy) {
        note(path, reason, message, remedy, Problem.Severity.ERROR);
    }

    void warning(String path, String reason, String message, String remedy) {
        note(path, reason, message, remedy, Problem.Severity.WARNING);
    }

    private void note(String path, String reason, String message, String remedy, Problem.Severity severity) {
        if (muted == 0) {
            problems.add(new Problem(locate.apply(path), reference, path, reason, message, remedy, severity));
        }
    }
}
