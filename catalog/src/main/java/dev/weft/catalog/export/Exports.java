package dev.weft.catalog.export;

import dev.weft.model.outcome.Ended;
import java.util.Optional;
import java.util.function.Consumer;

/** What leaves the process, as configured. Nothing by default. */
public record Exports(Optional<AccessLog> log, Optional<SpanExporter> spans) implements Consumer<Ended>, AutoCloseable {

    public static final Exports NONE = new Exports(Optional.empty(), Optional.empty());

    @Override
    public void accept(Ended ended) {
        if (log.isPresent()) {
            log.get().accept(ended);
        }
        if (spans.isPresent()) {
            spans.get().accept(ended);
        }
    }

    @Override
    public void close() {
        log.ifPresent(AccessLog::close);
        spans.ifPresent(SpanExporter::close);
    }
}
