package dev.weft.cli.platform;

import dev.weft.catalog.export.AccessLog;
import dev.weft.catalog.export.Exports;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.trace.Tracing;
import java.util.Set;
import java.util.function.Consumer;

/** What is written of requests, and what the proxy has to note for it. */
public record Observing(Exports exports, Tracing tracing) implements AutoCloseable {

    public static final Observing NOTHING = new Observing(Exports.NONE, Tracing.OFF);

    /** From now on; {@code exporter} gives every Outcome to what it is handed. */
    public void start(Proxy proxy, Consumer<Exports> exporter) {
        exporter.accept(exports);
        proxy.noting(exports.log().map(AccessLog::headers).orElse(Set.of()));
        proxy.tracing(tracing);
    }

    /** Writes what is left. */
    @Override
    public void close() {
        exports.close();
    }
}
