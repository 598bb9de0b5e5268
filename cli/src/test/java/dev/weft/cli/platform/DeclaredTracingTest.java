package dev.weft.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.export.Exports;
import dev.weft.proxy.trace.Tracing;
import dev.weft.resources.Kinds;
import dev.weft.resources.MemoryStore;
import dev.weft.resources.Resource;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A TracingService takes effect, changes and goes without a restart. */
final class DeclaredTracingTest {

    private final MemoryStore store = new MemoryStore();
    private final LinkedBlockingQueue<Exports> exports = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Tracing> tracings = new LinkedBlockingQueue<>();

    private void declare(String driver, int share) {
        Resource resource = Resource.of(Kinds.TRACING_SERVICE.key("default", "tracing"));
        resource.json()
                .putObject("spec")
                .put("driver", driver)
                .put("service", "127.0.0.1:4318")
                .putObject("sampling")
                .put("random", share);
        store.apply(resource);
    }

    private Tracing next() throws InterruptedException {
        Tracing next = tracings.poll(60, TimeUnit.SECONDS);
        assertThat(next).as("within ten seconds").isNotNull();
        return next;
    }

    @Test
    void aTracingServiceIsFollowedWhileItRuns() throws Exception {
        try (DeclaredTracing _ = new DeclaredTracing(store, Optional.empty(), exports::add, tracings::add)) {
            declare("opentelemetry", 10);
            assertThat(next()).isEqualTo(new Tracing(true, 0.1));
            Exports first = exports.take();
            assertThat(first.spans()).isPresent();

            declare("opentelemetry", 50);
            assertThat(next()).isEqualTo(new Tracing(true, 0.5));
            assertThat(exports.take().spans()).isEqualTo(first.spans());

            store.delete(Kinds.TRACING_SERVICE.key("default", "tracing"));
            assertThat(next()).isEqualTo(Tracing.OFF);
            assertThat(exports.take().spans()).isEmpty();
        }
    }

    @Test
    void aDriverThatReadsNoOtlpIsNotSentTo() throws Exception {
        try (DeclaredTracing _ = new DeclaredTracing(store, Optional.empty(), exports::add, tracings::add)) {
            declare("zipkin", 10);
            declare("opentelemetry", 20);
            assertThat(next()).isEqualTo(new Tracing(true, 0.2));
        }
    }
}
