package dev.weft.runtime.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplicasTests {

    private static final Instant READY = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aPodIsAvailableOnceItHasBeenReadyForLongEnough() {
        List<Resource> pods = List.of(ready());

        assertThat(Replicas.count(pods, HOUR, READY.plusSeconds(3590)))
                .isEqualTo(new Replicas(1, 1, 0, Duration.ofSeconds(10)));
        assertThat(Replicas.count(pods, HOUR, READY.plusSeconds(3600))).isEqualTo(new Replicas(1, 1, 1, Duration.ZERO));
    }

    private static Resource ready() {
        Resource pod = Resource.of(Kinds.POD.key("default", "a"));
        pod.json()
                .withObject("/status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("lastTransitionTime", READY.toString());
        return pod;
    }
}
