package dev.weft.catalog.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.Given;
import dev.weft.model.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CountersTest {

    @Test
    void countsExactlyWhatManyThreadsRecordAtOnce() throws InterruptedException {
        Counters<Traffic> counters = counters(100);
        Recorder recorder = recorder(counters);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    recorder.record(Given.outbound("r", Given.HELLO, Given.QUOTE_V1, i % 4 == 0 ? 500 : 200, i % 90));
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }

        Window window = new Window(1, counters.read(), java.util.Map.of());
        Golden golden = Golden.of(window, any -> true);

        assertThat(golden.requests()).isEqualTo(160_000);
        assertThat(golden.failures()).isEqualTo(40_000);
        assertThat(golden.latency().count()).isEqualTo(160_000);
        assertThat(golden.successRate()).contains(0.75);
    }

    @Test
    void foldsTheLabelWithTheMostValuesWhenThereAreTooManySeriesAndSaysWhich() {
        Counters<Traffic> counters = counters(50);
        Recorder recorder = recorder(counters);
        for (int i = 0; i < 1_000; i++) {
            Workload destination = Given.workload("burst-" + i, "quote");
            recorder.record(Given.outbound("r", Given.HELLO, destination, 200, 5));
        }

        assertThat(counters.read().values().stream().mapToLong(Sums::count).sum())
                .isEqualTo(1_000);
        assertThat(counters.read()).hasSizeLessThan(60);
        assertThat(counters.folded().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(950);
        assertThat(counters.folded().keySet()).isSubsetOf("dst_deployment", "dst_service", "authority");
    }

    @Test
    void namesTheServiceAskedForAndTheLeafThatAnswered() {
        Counters<Traffic> counters = counters(50);
        Recorder recorder = recorder(counters);
        recorder.use(Apexes.of(Given.snapshot()));

        recorder.record(Given.outbound("r", Given.HELLO, Given.QUOTE_V2, 200, 5));
        recorder.record(Given.edge("e", 200, 5));

        assertThat(counters.read().keySet())
                .filteredOn(series -> series.direction() == Direction.OUTBOUND)
                .extracting(Traffic::authority, Traffic::service)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("quote.default.svc.cluster.local:80", "default/quote-v2"),
                        org.assertj.core.groups.Tuple.tuple(
                                "hello.default.svc.cluster.local:80", "default/hello-00001"));
    }

    private static Counters<Traffic> counters(int seriesMax) {
        return Counters.ofRequests(seriesMax);
    }

    private static Recorder recorder(Counters<Traffic> traffic) {
        return new Recorder(traffic, Counters.ofTries(100));
    }
}
