package dev.weft.resources.validation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Resource;
import dev.weft.resources.document.Documents;
import dev.weft.resources.emissary.TracingService;
import org.junit.jupiter.api.Test;

/** What Emissary's TracingService and LogService mean here, and what they say of the rest. */
class EmissaryServicesTest {

    private static Validation validation(String kind, String spec) {
        String yaml = "apiVersion: getambassador.io/v3alpha1\nkind: " + kind + "\nmetadata: {name: a}\nspec:\n" + spec;
        return Validation.of(Documents.parse("a.yaml", yaml).documents().getFirst());
    }

    private static TracingService tracing(String spec) {
        Resource resource = validation("TracingService", spec).resource().orElseThrow();
        return TracingService.read(resource).value().orElseThrow();
    }

    @Test
    void aTracingServiceForOtlpNamesItsCollectorAndShare() {
        TracingService tracing = tracing(
                "  driver: opentelemetry\n  service: collector.test:4318\n  sampling: {random: 40, overall: 10}\n");
        assertThat(tracing.collector()).isEqualTo("http://collector.test:4318");
        assertThat(tracing.share()).isEqualTo(0.1);
        assertThat(tracing("  driver: opentelemetry\n  service: https://collector.test/otlp\n")
                        .share())
                .isEqualTo(1.0);
    }

    @Test
    void anotherDriverIsTakenAndSaysThatItHasNoEffect() {
        String spec = "  driver: zipkin\n  service: zipkin:9411\n  custom_tags: [{tag: a, literal: {value: b}}]\n";
        assertThat(validation("TracingService", spec).problems())
                .extracting(Problem::reason)
                .containsExactlyInAnyOrder("NoEffect", "NoEffect");
        assertThat(tracing(spec).collector()).isEmpty();
    }

    @Test
    void aLogServiceIsTakenAndSaysThatItHasNoEffect() {
        Validation validation = validation("LogService", """
                  service: als
                  driver: http
                  driver_config: {additional_log_headers: []}
                  protocol_version: v3
                  grpc: true
                  flush_interval_time: 1
                """.indent(2));
        assertThat(validation.resource()).isPresent();
        assertThat(validation.problems())
                .allSatisfy(problem -> assertThat(problem.reason()).isEqualTo("NoEffect"))
                .hasSize(3);
    }
}
