package dev.weft.apiserver.ownership;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** An applied document would change fields that others own. The message is Kubernetes', which kubectl shows. */
public final class ConflictException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * One field and who owns it.
     *
     * @param field {@code .spec.replicas}
     * @param manager as {@link FieldManager#toString} shows it
     */
    public record Conflict(String field, String manager) {}

    private final transient List<Conflict> conflicts;

    /** @param fields by their managers */
    ConflictException(SortedMap<String, List<String>> fields) {
        super(message(fields));
        this.conflicts = fields.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(field -> new Conflict(field, entry.getKey())))
                .toList();
    }

    public List<Conflict> conflicts() {
        return conflicts;
    }

    private static String message(SortedMap<String, List<String>> fields) {
        int count = fields.values().stream().mapToInt(List::size).sum();
        if (count == 1) {
            String manager = fields.firstKey();
            return "Apply failed with 1 conflict: conflict with " + manager + ": "
                    + fields.firstEntry().getValue().getFirst();
        }
        List<String> lines = new ArrayList<>();
        fields.forEach((manager, paths) -> {
            lines.add("conflicts with " + manager + ":");
            paths.forEach(path -> lines.add("- " + path));
        });
        return "Apply failed with " + count + " conflicts: " + String.join("\n", lines);
    }
}
