package dev.weft.resources.smi;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Divides what is addressed to one service among several (SMI Traffic Split, v1alpha1 to v1alpha4).
 *
 * @param service the root, whose name callers use; an FQDN is cut to its first label
 * @param matches names of HTTPRouteGroups; empty means that every request is divided
 */
public record TrafficSplit(Resource resource, String service, List<Leaf> backends, List<String> matches) {

    /**
     * One share.
     *
     * @param weight relative to the others', 0 or more
     */
    public record Leaf(String service, int weight) {}

    public TrafficSplit {
        backends = List.copyOf(backends);
        matches = List.copyOf(matches);
    }

    public static Read<TrafficSplit> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static TrafficSplit of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            List<Long> millis = new ArrayList<>();
            List<Leaf> leaves = spec.requiredObjects("backends", backend -> {
                if (!backend.has("weight")) {
                    backend.missing("weight", "a whole number, relative to the other backends'");
                }
                long weight = backend.quantityMillis("weight", 0);
                if (weight < 0 || weight > Integer.MAX_VALUE) {
                    backend.invalid("weight", "out of range.", "Write a number from 0 to 2000000.");
                }
                millis.add(Math.clamp(weight, 0L, (long) Integer.MAX_VALUE));
                return new Leaf(firstLabel(backend.requiredText("service")), 0);
            });
            checkDoubles(spec, leaves);
            List<String> matches = spec.objects("matches", match -> {
                match.inert("apiGroup");
                match.word("kind", List.of("HTTPRouteGroup"));
                return match.requiredText("name");
            });
            String service = firstLabel(spec.requiredText("service"));
            return new TrafficSplit(resource, service, weighted(leaves, millis), matches);
        });
    }

    /** Weights are whole numbers in newer versions and quantities such as {@code 500m} in v1alpha1; only ratios count. */
    private static List<Leaf> weighted(List<Leaf> leaves, List<Long> millis) {
        long unit = millis.stream().allMatch(weight -> weight % 1_000 == 0) ? 1_000 : 1;
        List<Leaf> weighted = new ArrayList<>();
        for (int i = 0; i < Math.min(leaves.size(), millis.size()); i++) {
            weighted.add(new Leaf(leaves.get(i).service(), Math.toIntExact(millis.get(i) / unit)));
        }
        return weighted;
    }

    private static void checkDoubles(Fields spec, List<Leaf> leaves) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < leaves.size(); i++) {
            if (!leaves.get(i).service().isEmpty() && !seen.add(leaves.get(i).service())) {
                String twice = "\"" + leaves.get(i).service() + "\" is listed twice.";
                spec.invalid("backends[" + i + "].service", twice, "Give one entry the sum of the weights.");
            }
        }
    }

    private static String firstLabel(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
