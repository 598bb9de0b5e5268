package dev.weft.runtime.autoscale;

import dev.weft.resources.Key;
import dev.weft.resources.Resource;
import dev.weft.runtime.node.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How many pods one measure asks for (Kubernetes' replica calculator): the present number times use over target, unless that is
 * within a tenth. A pod without figures is taken to use nothing when there seem to be too few, all that it should when too many.
 *
 * @param average use of each pod that has figures, in thousandths
 * @param utilization the same in percent of requests; 0 where the target is an amount
 */
record Proposal(int replicas, long average, int utilization) {

    private static final double TOLERANCE = 0.1;

    /** Why there is none. */
    static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }
    }

    /** @param pods of the target that have not ended */
    static Proposal of(ScalerSpec.Metric metric, int current, List<Resource> pods, Map<Key, Usage.OfPod> uses)
            throws Refusal {
        List<Long> used = new ArrayList<>();
        List<Long> targets = new ArrayList<>();
        long requests = 0;
        long missingTargets = 0;
        int missing = 0;
        for (Resource pod : pods) {
            Optional<Long> request = Requests.of(pod, metric);
            if (metric.utilization() > 0 && request.isEmpty()) {
                throw new Refusal("failed to get " + metric.name() + " utilization: missing request for "
                        + metric.name() + " in pod " + pod.name());
            }
            long target = metric.utilization() > 0 ? request.orElse(0L) * metric.utilization() / 100 : metric.average();
            Usage.OfPod use = uses.get(pod.key());
            if (use == null) {
                missing++;
                missingTargets += target;
                continue;
            }
            used.add(Requests.used(use, metric));
            targets.add(target);
            requests += request.orElse(0L);
        }
        if (used.isEmpty()) {
            throw new Refusal("no metrics returned from resource metrics API");
        }
        long sum = used.stream().mapToLong(Long::longValue).sum();
        long wanted = targets.stream().mapToLong(Long::longValue).sum();
        long average = sum / used.size();
        int utilization = metric.utilization() > 0 ? (int) (sum * 100 / Math.max(1, requests)) : 0;
        int replicas = replicas(current, pods.size(), ratio(sum, wanted), missing, sum, wanted, missingTargets);
        return new Proposal(replicas, average, utilization);
    }

    private static int replicas(
            int current, int pods, double ratio, int missing, long sum, long wanted, long missingTargets) {
        if (Math.abs(ratio - 1) <= TOLERANCE) {
            return current;
        }
        if (missing == 0) {
            return (int) Math.ceil(ratio * pods);
        }
        double all = ratio(ratio < 1 ? sum + missingTargets : sum, wanted + missingTargets);
        boolean turned = (ratio < 1 && all > 1) || (ratio > 1 && all < 1);
        if (turned || Math.abs(all - 1) <= TOLERANCE) {
            return current;
        }
        int replicas = (int) Math.ceil(all * pods);
        boolean against = (all < 1 && replicas > current) || (all > 1 && replicas < current);
        return against ? current : replicas;
    }

    private static double ratio(long used, long wanted) {
        return wanted == 0 ? 1 : (double) used / wanted;
    }
}
