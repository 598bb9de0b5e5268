package dev.weft.control.compile;

import dev.weft.resources.emissary.Mapping;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Emissary's order of mappings, grouping, and weights. */
final class MappingOrder {

    /** What the mappings of one group have in common. */
    record Group(
            int precedence,
            Mapping.PathKind kind,
            String prefix,
            String method,
            String host,
            Map<String, String> headers) {

        static Group of(Mapping mapping) {
            Map<String, String> headers = new TreeMap<>(mapping.headers());
            mapping.regexHeaders().forEach((name, value) -> headers.put(name + "~", value));
            mapping.queries().forEach((name, value) -> headers.put("?" + name, value));
            mapping.regexQueries().forEach((name, value) -> headers.put("?" + name + "~", value));
            headers.put("", (mapping.caseSensitive() ? "" : "any case ") + (mapping.methodRegex() ? "~" : ""));
            return new Group(
                    mapping.precedence(),
                    mapping.pathKind(),
                    mapping.prefix(),
                    mapping.method(),
                    mapping.hostname(),
                    headers);
        }
    }

    /** First the higher precedence, then the longer prefix, then more header text, then the text itself, descending. */
    static final Comparator<Mapping> FIRST_WINS = Comparator.comparingInt(Mapping::precedence)
            .thenComparingInt(mapping -> mapping.prefix().length())
            .thenComparingInt(MappingOrder::headerLength)
            .thenComparingInt(MappingOrder::queryLength)
            .thenComparing(Mapping::prefix)
            .thenComparing(mapping -> mapping.method().isEmpty() ? "GET" : mapping.method())
            .thenComparing(mapping -> headerTexts(mapping).toString())
            .reversed();

    private MappingOrder() {}

    /**
     * The shares of a group's members, in percent, in their order: given weights as they are; the others divide the rest.
     * A single member has everything.
     *
     * @return empty when the given ones exceed 100
     */
    static List<Integer> weightsOf(List<Mapping> members) {
        return weights(members.stream().map(Mapping::weight).toList());
    }

    /** The same of what each member says. */
    static List<Integer> weights(List<Optional<Integer>> members) {
        if (members.size() == 1) {
            return List.of(100);
        }
        int given = members.stream().mapToInt(member -> member.orElse(0)).sum();
        long without = members.stream().filter(Optional::isEmpty).count();
        if (given > 100) {
            return List.of();
        }
        List<Integer> weights = new ArrayList<>();
        int rest = 100 - given;
        long left = without;
        int share = without == 0 ? 0 : Math.round((float) rest / without);
        for (Optional<Integer> member : members) {
            if (member.isPresent()) {
                weights.add(member.get());
                continue;
            }
            left--;
            int own = left == 0 ? rest : Math.min(share, rest);
            rest -= own;
            weights.add(own);
        }
        return weights;
    }

    private static int headerLength(Mapping mapping) {
        int length = mapping.hostname().isEmpty()
                ? 0
                : ":authority".length() + mapping.hostname().length();
        length += mapping.method().isEmpty()
                ? 0
                : ":method".length() + mapping.method().length();
        for (Map.Entry<String, String> header : mapping.headers().entrySet()) {
            length += header.getKey().length() + header.getValue().length();
        }
        for (Map.Entry<String, String> header : mapping.regexHeaders().entrySet()) {
            length += header.getKey().length() + header.getValue().length() + 1;
        }
        return length;
    }

    private static int queryLength(Mapping mapping) {
        int length = 0;
        for (Map.Entry<String, String> query : mapping.queries().entrySet()) {
            length += query.getKey().length() + query.getValue().length();
        }
        for (Map.Entry<String, String> query : mapping.regexQueries().entrySet()) {
            length += query.getKey().length() + query.getValue().length() + 1;
        }
        return length;
    }

    private static List<String> headerTexts(Mapping mapping) {
        List<String> texts = new ArrayList<>();
        texts.add(":authority-" + mapping.hostname());
        new TreeMap<>(mapping.headers()).forEach((name, value) -> texts.add(name + "-" + value));
        new TreeMap<>(mapping.regexHeaders()).forEach((name, value) -> texts.add(name + "-" + value));
        new TreeMap<>(mapping.queries()).forEach((name, value) -> texts.add(name + "-" + value));
        new TreeMap<>(mapping.regexQueries()).forEach((name, value) -> texts.add(name + "-" + value));
        return texts;
    }
}
