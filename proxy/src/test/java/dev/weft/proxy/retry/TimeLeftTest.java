package dev.weft.proxy.retry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeLeftTest {

    @ParameterizedTest
    @CsvSource({
        "1H, 3600000000000",
        "2M, 120000000000",
        "3S, 3000000000",
        "4m, 4000000",
        "5u, 5000",
        "6n, 6",
        "0m, 0",
        "99999999H, 31536000000000000"
    })
    void readsWhatAGrpcCallerSays(String value, long nanos) {
        assertThat(TimeLeft.ofGrpc(value)).hasValue(nanos);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "m", "1", "1s", "123456789m", "-1m", "1 m", "1.5S"})
    void refusesWhatIsNoGrpcTimeout(String value) {
        assertThat(TimeLeft.ofGrpc(value)).isEmpty();
    }

    @Test
    void readsMilliseconds() {
        assertThat(TimeLeft.ofMillis("250")).hasValue(250_000_000);
        assertThat(TimeLeft.ofMillis("2s")).isEmpty();
        assertThat(TimeLeft.ofMillis("")).isEmpty();
    }

    @Test
    void writesWhatItReads() {
        assertThat(TimeLeft.grpc(1)).isEqualTo("1u");
        assertThat(TimeLeft.grpc(2_500_000_001L)).isEqualTo("2500001u");
        assertThat(TimeLeft.grpc(250_000_000_000L)).isEqualTo("250000m");
        assertThat(TimeLeft.grpc(200_000_000_000_000L)).isEqualTo("200000S");
    }
}
