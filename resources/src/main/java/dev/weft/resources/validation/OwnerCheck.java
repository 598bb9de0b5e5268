package dev.weft.resources.validation;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Resource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Whether a resource is owned by something that it owns itself: then neither would ever be collected. */
public final class OwnerCheck {

    /** Where owners are found. */
    public interface Lookup {
        /**
         * The owner that a reference names, where it is there.
         *
         * @param uid what the reference says; a resource of the name and of another uid is not the owner
         */
        Optional<Resource> owner(Key key, String uid);
    }

    private static final int OWNERS_MAX = 1_000;

    private OwnerCheck() {}

    /** What is wrong with the references to owners. */
    public static List<Problem> of(Resource resource, Lookup lookup) {
        List<Problem> problems = new ArrayList<>();
        int index = 0;
        for (JsonNode reference : resource.at("/metadata/ownerReferences")) {
            String field = "metadata.ownerReferences[" + index++ + "]";
            way(resource, reference, lookup)
                    .ifPresent(way -> problems.add(new Problem(
                            Location.API,
                            resource.key().reference(),
                            field,
                            "OwnersCyclic",
                            field + ": owners go round in a circle: " + way + ".",
                            "Remove one of these references: what owns itself is never collected.",
                            Problem.Severity.ERROR)));
        }
        return problems;
    }

    /** The way back to the resource itself, in words; empty when there is none. Each owner is looked at once. */
    private static Optional<String> way(Resource resource, JsonNode reference, Lookup lookup) {
        Map<Key, Key> ownedBefore = new HashMap<>(); // each owner that was met, and what it was met as the owner of
        Deque<Resource> open = new ArrayDeque<>();
        owner(resource, reference, lookup).ifPresent(first -> {
            ownedBefore.put(first.key(), resource.key());
            open.push(first);
        });
        while (!open.isEmpty() && ownedBefore.size() < OWNERS_MAX) {
            Resource at = open.pop();
            if (at.key().equals(resource.key())) {
                return Optional.of(words(resource.key(), ownedBefore));
            }
            at.at("/metadata/ownerReferences")
                    .valueStream()
                    .flatMap(next -> owner(at, next, lookup).stream())
                    .filter(next -> ownedBefore.putIfAbsent(next.key(), at.key()) == null)
                    .forEach(open::push);
        }
        return Optional.empty();
    }

    private static String words(Key end, Map<Key, Key> ownedBefore) {
        Deque<Key> way = new ArrayDeque<>(List.of(end));
        for (Key at = ownedBefore.get(end); at != null && !at.equals(end); at = ownedBefore.get(at)) {
            way.push(at);
        }
        way.push(end);
        return way.stream().map(key -> key.kind().kind() + " " + key.name()).collect(Collectors.joining(", owned by "));
    }

    private static Optional<Resource> owner(Resource owned, JsonNode reference, Lookup lookup) {
        String apiVersion = reference.path("apiVersion").asString("");
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String name = reference.path("name").asString("");
        String uid = reference.path("uid").asString("");
        String kind = reference.path("kind").asString("");
        return Stream.of(owned.namespace(), "")
                .map(namespace -> new Kind(group, apiVersion.substring(slash + 1), kind, "", !namespace.isEmpty())
                        .key(namespace, name))
                .flatMap(key -> lookup.owner(key, uid).stream())
                .findFirst();
    }
}
