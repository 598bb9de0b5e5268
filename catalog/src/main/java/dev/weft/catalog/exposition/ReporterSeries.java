package dev.weft.catalog.exposition;

import dev.weft.catalog.metrics.Party;
import dev.weft.catalog.metrics.Series;
import dev.weft.model.outcome.Hop;
import dev.weft.model.workload.Workload;
import java.util.LinkedHashMap;
import java.util.Map;

/** A label or two with few values each, seen by one proxy: an error, a verdict, a decision. */
record ReporterSeries(String direction, Party reporter, String first, String second) implements Series<ReporterSeries> {

    static ReporterSeries of(Hop hop, Workload reporter, String first, String second) {
        return new ReporterSeries(hop == Hop.OUTBOUND ? "outbound" : "inbound", Party.of(reporter), first, second);
    }

    /** Its labels, without the direction where the metric's name says that. */
    Map<String, String> labels(boolean withDirection, String firstName, String secondName) {
        Map<String, String> labels = new LinkedHashMap<>();
        if (withDirection) {
            labels.put("direction", direction);
        }
        labels.put("namespace", reporter.namespace());
        labels.put(reporter.label(), reporter.name());
        labels.put(firstName, first);
        if (!secondName.isEmpty()) {
            labels.put(secondName, second);
        }
        return labels;
    }

    @Override
    public Map<String, String> manyValued() {
        return Map.of("deployment", reporter.namespace() + "/" + reporter.name());
    }

    @Override
    public ReporterSeries folded(String label) {
        return new ReporterSeries(direction, new Party("", reporter.kind(), OTHER), first, second);
    }
}
