package dev.weft.resources.document;

import dev.weft.model.problem.Location;
import java.util.HashMap;
import java.util.Map;

/**
 * Where each field of one document was written. A path names fields with dots and items with brackets: {@code
 * spec.backends[1].service}.
 */
public final class Positions {

    private final Location start;
    private final Map<String, Location> byPath;

    private Positions(Location start, Map<String, Location> byPath) {
        this.start = start;
        this.byPath = byPath;
    }

    /** For a document whose text is not at hand: everything is at {@code location}. */
    public static Positions all(Location location) {
        return new Positions(location, Map.of());
    }

    static Positions of(Location start, Map<String, Location> byPath) {
        return new Positions(start, new HashMap<>(byPath));
    }

    /** The field's place; for a field that is not there, the place of the nearest one around it. */
    public Location locate(String path) {
        for (String at = path; !at.isEmpty(); at = parent(at)) {
            Location location = byPath.get(at);
            if (location != null) {
                return location;
            }
        }
        return start;
    }

    /** The same for the document at {@code path} inside this one, such as an item of a list. */
    Positions within(String path) {
        Map<String, Location> inner = new HashMap<>();
        String prefix = path + ".";
        byPath.forEach((name, location) -> {
            if (name.startsWith(prefix)) {
                inner.put(name.substring(prefix.length()), location);
            }
        });
        return new Positions(locate(path), inner);
    }

    private static String parent(String path) {
        int end = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
        return end < 0 ? "" : path.substring(0, end);
    }
}
