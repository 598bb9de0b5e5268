package dev.weft.cli.command;

import dev.weft.catalog.export.AccessLog;
import dev.weft.catalog.export.Exports;
import dev.weft.catalog.export.LogCondition;
import dev.weft.catalog.export.LogFormat;
import dev.weft.catalog.export.SpanExporter;
import dev.weft.cli.client.Refusal;
import dev.weft.cli.platform.Observing;
import dev.weft.model.outcome.Hop;
import dev.weft.proxy.trace.Tracing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** Access log and traces, for every command that runs a proxy. */
final class ObservingOption {

    @Option(
            names = "--access-log",
            paramLabel = "FORMAT",
            description = "Writes a line for each request: json, combined, or text (Envoy's). Off when left out.")
    private String accessLog = "";

    @Option(
            names = "--access-log-format",
            paramLabel = "TEMPLATE",
            description = "For text: Envoy's format string. Left out, Emissary's.")
    private String accessLogFormat = "";

    @Option(
            names = "--access-log-path",
            paramLabel = "FILE",
            description = "Appended to; opened anew when it was moved away. Left out, standard output.")
    private Optional<Path> accessLogPath = Optional.empty();

    @Option(
            names = "--access-log-when",
            paramLabel = "CONDITION",
            description = "Only such requests: error, status=5xx, slow=500ms, header=NAME[=VALUE] or sample=0.01;"
                    + " given more than once, any of them.")
    private List<String> accessLogWhen = List.of();

    @Option(
            names = "--access-log-hops",
            paramLabel = "HOP",
            split = ",",
            defaultValue = "edge,inbound",
            description = "Whose requests: edge, inbound, outbound (default: ${DEFAULT-VALUE}).")
    private List<String> accessLogHops = List.of();

    @Option(
            names = "--trace-to",
            paramLabel = "URL",
            description = "Sends spans to this collector, as OTLP over HTTP. Off when left out.")
    private String traceTo = "";

    @Option(
            names = "--trace-share",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = "How many of the requests without a caller's decision are traced, 0 to 1"
                    + " (default: ${DEFAULT-VALUE}). A caller's decision always holds.")
    private double traceShare;

    /**
     * Starts what was asked for.
     *
     * @throws Refusal when that is not possible
     */
    Observing configured() {
        try {
            Tracing tracing = traceTo.isEmpty() ? Tracing.OFF : new Tracing(true, traceShare);
            Optional<AccessLog> log = log();
            Optional<SpanExporter> spans =
                    traceTo.isEmpty() ? Optional.empty() : Optional.of(new SpanExporter(traceTo, version()));
            return new Observing(new Exports(log, spans), tracing);
        } catch (IllegalArgumentException e) {
            throw Refusal.impossible(String.valueOf(e.getMessage()));
        }
    }

    private Optional<AccessLog> log() {
        if (accessLog.isEmpty() || accessLog.equals("off")) {
            return Optional.empty();
        }
        Set<Hop> hops = EnumSet.noneOf(Hop.class);
        accessLogHops.forEach(hop -> hops.add(Hop.valueOf(hop.toUpperCase(Locale.ROOT))));
        return Optional.of(new AccessLog(
                LogFormat.of(accessLog, accessLogFormat), LogCondition.parse(accessLogWhen), hops, accessLogPath));
    }

    private static String version() {
        try {
            return Version.built().getProperty("version", "unbuilt");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
