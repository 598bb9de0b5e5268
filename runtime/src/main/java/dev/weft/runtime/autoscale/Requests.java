package dev.weft.runtime.autoscale;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Quantity;
import dev.weft.runtime.node.Usage;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What a pod requests of a resource, and what it uses of it, both in thousandths. */
final class Requests {

    private Requests() {}

    static long thousandths(String quantity) {
        return Quantity.millis(quantity).orElse(0L);
    }

    /** Of all its containers or of one; empty when one of them requests nothing. */
    static Optional<Long> of(Resource pod, ScalerSpec.Metric metric) {
        long sum = 0;
        for (JsonNode container : pod.at("/spec/containers")) {
            if (!metric.container().isEmpty()
                    && !container.path("name").asString("").equals(metric.container())) {
                continue;
            }
            String request =
                    container.at("/resources/requests/" + metric.name()).asString("");
            String limit = container.at("/resources/limits/" + metric.name()).asString("");
            long asked = thousandths(request.isEmpty() ? limit : request);
            if (asked <= 0) {
                return Optional.empty();
            }
            sum += asked;
        }
        return Optional.of(sum);
    }

    static long used(Usage.OfPod use, ScalerSpec.Metric metric) {
        return use.containers().stream()
                .filter(each -> metric.container().isEmpty() || each.name().equals(metric.container()))
                .mapToLong(each -> metric.name().equals("cpu") ? each.nanocores() / 1_000_000 : each.bytes() * 1_000)
                .sum();
    }
}
