package dev.weft.runtime.deployment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The next step from the ReplicaSets there are to the one wanted. A pure function, in Kubernetes' arithmetic: never more
 * than {@code wanted + surge} pods, never fewer available ones than {@code wanted - unavailable}.
 */
final class RollingPlan {

    /**
     * One ReplicaSet of the Deployment.
     *
     * @param current whether it is of the current template
     * @param size how many pods it is asked for
     * @param available how many of them can be relied on
     */
    record Share(String set, boolean current, int size, int available) {}

    /** How the change of a template goes. */
    sealed interface Strategy {
        record RollingUpdate(int surge, int unavailable) implements Strategy {}

        /** All old ones go first. */
        record Recreate() implements Strategy {}
    }

    private RollingPlan() {}

    /**
     * Plans one step.
     *
     * @param shares the oldest first, the current one among them
     * @param oldPods how many pods of older templates there are still, in whatever state
     * @return the new size of every set
     */
    static Map<String, Integer> of(int wanted, Strategy strategy, List<Share> shares, int oldPods) {
        return switch (strategy) {
            case Strategy.Recreate() -> {
                boolean gone = oldPods == 0 && shares.stream().allMatch(share -> share.current() || share.size() == 0);
                yield sizes(shares, share -> share.current() ? (gone ? wanted : Math.min(wanted, share.size())) : 0);
            }
            case Strategy.RollingUpdate(int surge, int unavailable) -> roll(wanted, surge, unavailable, shares);
        };
    }

    /** The sizes while the change of a template is held: the number alone is followed. */
    static Map<String, Integer> paused(int wanted, Strategy strategy, List<Share> shares) {
        int surge = strategy instanceof Strategy.RollingUpdate rolling ? rolling.surge() : 0;
        List<Share> active = shares.stream().filter(share -> share.size() > 0).toList();
        Map<String, Integer> sizes = sizes(shares, Share::size);
        if (wanted == 0) {
            sizes.replaceAll((set, size) -> 0);
        } else if (active.size() <= 1 && !shares.isEmpty()) {
            sizes.put((active.isEmpty() ? shares : active).getLast().set(), wanted);
        } else if (!active.isEmpty()) {
            int total = total(shares);
            int newest = sizes.getOrDefault(active.getLast().set(), 0);
            int change = total < wanted ? wanted - total : Math.min(0, wanted + surge - total);
            sizes.put(active.getLast().set(), Math.max(0, newest + change));
        }
        return sizes;
    }

    private static Map<String, Integer> roll(int wanted, int surge, int unavailable, List<Share> shares) {
        int total = total(shares);
        int room = Math.max(0, wanted + surge - total);
        Map<String, Integer> sizes = sizes(
                shares,
                share -> share.current()
                        ? Math.min(wanted, share.size() + Math.min(room, Math.max(0, wanted - share.size())))
                        : share.size());
        if (wanted == 0) {
            sizes.replaceAll((set, size) -> 0);
            return sizes;
        }
        shrinkOld(sizes, shares, wanted - unavailable);
        return sizes;
    }

    /**
     * Unavailable old pods go first, but no more than could go if all of them were available after all: what we know of
     * them may be a moment old.
     */
    private static void shrinkOld(Map<String, Integer> sizes, List<Share> shares, int availableMin) {
        int currentUnavailable = shares.stream()
                .filter(Share::current)
                .mapToInt(share -> Math.max(0, share.size() - share.available()))
                .sum();
        int room = total(shares) - availableMin - currentUnavailable;
        List<Share> left = new ArrayList<>();
        for (Share old : shares) {
            if (!old.current()) {
                int unavailable = Math.clamp(room, 0, Math.max(0, old.size() - old.available()));
                room -= unavailable;
                sizes.merge(old.set(), -unavailable, Integer::sum);
                left.add(old);
            }
        }
        int spare = Math.min(room, shares.stream().mapToInt(Share::available).sum() - availableMin);
        for (Share old : left) {
            int going = Math.clamp(spare, 0, Math.min(old.available(), sizes.getOrDefault(old.set(), 0)));
            spare -= going;
            sizes.merge(old.set(), -going, Integer::sum);
        }
    }

    private static int total(List<Share> shares) {
        return shares.stream().mapToInt(Share::size).sum();
    }

    private static Map<String, Integer> sizes(List<Share> shares, java.util.function.ToIntFunction<Share> size) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        shares.forEach(share -> sizes.put(share.set(), size.applyAsInt(share)));
        return sizes;
    }
}
