package dev.weft.runtime.deployment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The next step from the pods there are to the pods wanted. A pure function, in Kubernetes' arithmetic: never more than
 * {@code wanted + surge} pods, never fewer ready ones than {@code wanted - unavailable}.
 *
 * @param create how many of the current template to create
 * @param delete which to delete
 */
record RollingPlan(int create, List<Replica> delete) {

    /**
     * One pod that is not being deleted.
     *
     * @param current whether it is of the current template
     * @param created sorts by age, as text
     */
    record Replica(String name, boolean current, boolean ready, String created) {}

    /** How the change of a template goes. */
    sealed interface Strategy {
        record RollingUpdate(int surge, int unavailable) implements Strategy {}

        /** All old ones go first. */
        record Recreate() implements Strategy {}
    }

    /** Those that do least go first: unready before ready, young before old. */
    private static final Comparator<Replica> LEAST_USEFUL_FIRST = Comparator.comparing(Replica::ready)
            .thenComparing(Replica::created, Comparator.reverseOrder())
            .thenComparing(Replica::name);

    /** Plans one step; {@code going} counts pods that are being deleted but still run. */
    static RollingPlan of(int wanted, Strategy strategy, List<Replica> replicas, int going) {
        List<Replica> current = sorted(replicas, true);
        List<Replica> old = sorted(replicas, false);
        List<Replica> delete = new ArrayList<>(current.subList(0, Math.max(0, current.size() - wanted)));
        int missing = Math.max(0, wanted - current.size());
        return switch (strategy) {
            case Strategy.Recreate() -> {
                delete.addAll(old);
                yield new RollingPlan(old.isEmpty() && going == 0 ? missing : 0, delete);
            }
            case Strategy.RollingUpdate(int surge, int unavailable) -> {
                int room = Math.max(0, wanted + surge - replicas.size());
                delete.addAll(oldToDelete(wanted - unavailable, replicas, old, wanted));
                yield new RollingPlan(Math.min(missing, room), delete);
            }
        };
    }

    /**
     * Unready old pods go first, but no more than could go if all of them were ready after all: what we know of them may
     * be a moment old.
     */
    private static List<Replica> oldToDelete(int readyMin, List<Replica> all, List<Replica> old, int wanted) {
        if (wanted == 0) {
            return old;
        }
        long ready = all.stream().filter(Replica::ready).count();
        long currentUnready = all.stream()
                .filter(replica -> replica.current() && !replica.ready())
                .count();
        long room = all.size() - readyMin - currentUnready;
        List<Replica> delete = new ArrayList<>();
        for (Replica replica : old) {
            boolean spared = replica.ready() && ready <= readyMin;
            if (delete.size() < room && !spared) {
                delete.add(replica);
                ready -= replica.ready() ? 1 : 0;
            }
        }
        return delete;
    }

    private static List<Replica> sorted(List<Replica> replicas, boolean current) {
        return replicas.stream()
                .filter(replica -> replica.current() == current)
                .sorted(LEAST_USEFUL_FIRST)
                .toList();
    }
}
