package dev.weft.runtime.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HealthTests {

    private static final Optional<String> GOOD = Optional.empty();
    private static final Optional<String> BAD = Optional.of("refused");

    @Test
    void asksEveryFewMillisecondsUntilTheFirstSuccess() {
        Health health = new Health(probe("{'tcpSocket': {'port': 80}, 'periodSeconds': 10}"), false, 0);
        assertThat(health.dueNanos()).isZero();
        health.answered(BAD, millis(1));
        assertThat(health.dueNanos()).isEqualTo(millis(2));
        health.answered(BAD, millis(2000));
        assertThat(health.dueNanos()).isEqualTo(millis(2100));
        health.answered(GOOD, millis(2100));
        assertThat(health.passing()).isTrue();
        assertThat(health.dueNanos()).isEqualTo(millis(12_100));
    }

    @Test
    void aPeriodOfZeroIsKnativesWayAndAsksAtLeastEvery50Milliseconds() {
        Health health = new Health(probe("{'tcpSocket': {'port': 0}, 'periodSeconds': 0}"), false, 0);
        health.answered(BAD, millis(60_000));
        assertThat(health.dueNanos()).isEqualTo(millis(60_050));
    }

    @Test
    void failuresBeforeTheFirstSuccessCountOncePerPeriod() {
        Health health =
                new Health(probe("{'httpGet': {'port': 80}, 'periodSeconds': 1, 'failureThreshold': 3}"), true, 0);
        for (int millis = 0; millis <= 1900; millis += 100) {
            health.answered(BAD, millis(millis));
        }
        assertThat(health.failed()).isFalse();
        health.answered(BAD, millis(2000));
        assertThat(health.failed()).isTrue();
        assertThat(health.passing()).isFalse();
    }

    @Test
    void afterASuccessEveryFailureCountsAndASuccessForgetsThem() {
        Health health = new Health(probe("{'httpGet': {'port': 80}, 'failureThreshold': 2}"), false, 0);
        health.answered(GOOD, 0);
        health.answered(BAD, 1);
        assertThat(health.passing()).isTrue();
        health.answered(GOOD, 2);
        health.answered(BAD, 3);
        assertThat(health.passing()).isTrue();
        health.answered(BAD, 4);
        assertThat(health.passing()).isFalse();
        assertThat(health.lastFailure()).contains("refused");
    }

    @Test
    void waitsForTheInitialDelayAndForSuccessesInARow() {
        Health health = new Health(
                probe("{'httpGet': {'port': 80}, 'initialDelaySeconds': 2, 'successThreshold': 2}"), false, 0);
        assertThat(health.dueNanos()).isEqualTo(millis(2000));
        health.answered(GOOD, millis(2000));
        assertThat(health.passing()).isFalse();
        health.answered(GOOD, millis(12_000));
        assertThat(health.passing()).isTrue();
    }

    private static Probe probe(String json) {
        return Probe.read(JsonMapper.shared().readTree(json.replace('\'', '"')));
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
