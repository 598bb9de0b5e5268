package dev.weft.cli.snapshot;

import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a data plane of its own acts on: the edge, on ports of its own, and no pod, because the pods' listeners belong to
 * the platform's process.
 *
 * @param httpPort for listeners in clear text, 0 for none
 * @param httpsPort for listeners with TLS, 0 for none
 */
public record EdgeView(int httpPort, int httpsPort) implements UnaryOperator<Snapshot> {

    @Override
    public Snapshot apply(Snapshot snapshot) {
        List<EdgeListener> edge = Stream.concat(
                        first(snapshot, false, httpPort).stream(), first(snapshot, true, httpsPort).stream())
                .toList();
        return new Snapshot(
                snapshot.version(),
                edge,
                snapshot.edgeFrontends(),
                snapshot.meshFrontends(),
                snapshot.groups(),
                List.of(),
                snapshot.access(),
                snapshot.limits(),
                snapshot.edgeRules(),
                snapshot.verdicts(),
                snapshot.meshHeads());
    }

    /** All listeners of a kind would end at one port, so the first stands for them. */
    private static Optional<EdgeListener> first(Snapshot snapshot, boolean tls, int port) {
        return snapshot.edge().stream()
                .filter(listener -> port > 0 && listener.tls() == tls)
                .findFirst()
                .map(listener -> listener.at(port));
    }
}
