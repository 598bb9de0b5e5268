package dev.weft.serving.scale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.serving.scale.Decision.Memory;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/**
 * Runs of Knative's algorithm, several decisions after each other; decisions.py beside them made them from the published
 * formulas.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecisionVectorTests {

    private final Map<Integer, Memory> memories = new HashMap<>();

    @ParameterizedTest(name = "run {0} after {10} s")
    @CsvFileSource(resources = "decisions.csv", numLinesToSkip = 1)
    void decidesAsKnativeDoes(
            int run,
            int containerConcurrency,
            String metric,
            String utilization,
            String target,
            int window,
            String panicThreshold,
            int activationScale,
            int scaleDownDelay,
            String burstCapacity,
            long second,
            double stable,
            double panic,
            int ready,
            boolean reachable,
            int desired,
            double excessBurst,
            boolean panicking) {
        Map<String, String> annotations = new HashMap<>();
        annotations.put("metric", metric);
        annotations.put("target-utilization-percentage", utilization);
        annotations.put("target", target == null ? "" : target);
        annotations.put("window", window + "s");
        annotations.put("panic-threshold-percentage", panicThreshold);
        annotations.put("activation-scale", activationScale > 1 ? Integer.toString(activationScale) : "");
        annotations.put("scale-down-delay", scaleDownDelay + "s");
        annotations.put("target-burst-capacity", burstCapacity);
        Map<String, String> named = new HashMap<>();
        annotations.forEach((name, value) -> named.put(ScalingAnnotations.GROUP + name, value));
        ScalingPolicy policy = ScalingPolicy.read(named, containerConcurrency).policy();
        long now = TimeUnit.SECONDS.toNanos(second);

        Decision decision = Decider.decide(
                policy,
                memories.computeIfAbsent(run, any -> Memory.starting(ready, now)),
                new Observation(now, stable, panic, ready, reachable));
        memories.put(run, decision.memory());

        assertThat(decision.desired()).isEqualTo(desired);
        assertThat(decision.excessBurst()).isEqualTo(excessBurst);
        assertThat(decision.memory().panicking()).isEqualTo(panicking);
    }
}
