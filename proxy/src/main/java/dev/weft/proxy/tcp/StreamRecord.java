package dev.weft.proxy.tcp;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.ConnectionOutcome.EndedBy;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.ProtocolVerdict;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.relay.Relay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one stream for its {@link ConnectionOutcome}, and who is told. Part of one {@link Stream}; the way is put
 * into words only for a stream that failed, or while somebody watches.
 */
final class StreamRecord {

    private static final Logger LOG = LoggerFactory.getLogger(StreamRecord.class);
    private static final ProtocolVerdict UNKNOWN =
            new ProtocolVerdict(ProtocolVerdict.Protocol.OPAQUE, ProtocolVerdict.Reason.DECLARED);

    private final Worker worker;
    private final Entrance entrance;
    private final Peer client;
    private final Way way;
    private final Optional<ServicePort> service;
    private final Instant startedAt = Instant.now();
    private final long startNanos = System.nanoTime();
    private @Nullable Introduction introduction;
    private ProtocolVerdict verdict = UNKNOWN;
    private String serverName = "";
    private long connectNanos;
    private ConnectionOutcome.@Nullable Ends ends;

    /** @param asked for by the client, where it is known */
    StreamRecord(Worker worker, Entrance entrance, Peer client, Way way, Optional<ServicePort> asked) {
        this.worker = worker;
        this.entrance = entrance;
        this.client = client;
        this.way = way;
        this.service = way instanceof Way.Balanced balanced ? Optional.of(balanced.servicePort()) : asked;
    }

    Peer client() {
        return client;
    }

    /** It is a stream. */
    void began(ProtocolVerdict found, String name) {
        verdict = found;
        serverName = name;
        worker.streamBegan(entrance);
        if (entrance.hop() != Hop.INBOUND) {
            service.ifPresent(to -> tell(() -> worker.outcomes().routed(to.service())));
        }
    }

    void introduced(Introduction by) {
        introduction = by;
    }

    /** Made when it is asked for first, where the stream begins here. */
    Introduction introduction() {
        Introduction known = introduction;
        if (known == null) {
            known = Introduction.begin(worker);
            introduction = known;
        }
        return known;
    }

    /** Bytes can flow. */
    void established(Line line) {
        connectNanos = System.nanoTime() - startNanos;
        ConnectionOutcome.Ends between = ends(Optional.of(line));
        ends = between;
        tell(() -> worker.outcomes().established(between));
    }

    void over(Dial dial, Relay.Ended how) {
        worker.streamEnded(entrance);
        ConnectionOutcome.Ends between = ends;
        Introduction known = introduction();
        ConnectionOutcome outcome = new ConnectionOutcome(
                known.id(),
                between == null ? ends(Optional.empty()) : between,
                between != null,
                verdict,
                serverName,
                dial.attempts(),
                how.clientBytes(),
                how.serverBytes(),
                how.by(),
                how.error(),
                how.detail(),
                startedAt,
                dial.waitedNanos(),
                connectNanos,
                System.nanoTime() - startNanos,
                how.error().isPresent() || worker.watching().decisions() ? decisions(dial, how) : List.of(),
                known.trace(),
                worker.view().snapshot().version());
        tell(() -> worker.outcomes().ended(outcome));
    }

    private List<Decision> decisions(Dial dial, Relay.Ended how) {
        List<Decision> all = new ArrayList<>(way.decisions());
        if (dial.waitedNanos() > 0) {
            all.add(new Decision("capacity", "held for " + dial.waitedNanos() / 1_000_000 + " ms"));
        }
        for (Attempt attempt : dial.attempts()) {
            String result = attempt.error().map(ErrorCode::code).orElse("connected");
            all.add(new Decision(
                    "try", attempt.endpoint() + ": " + result + " after " + attempt.endNanos() / 1_000_000 + " ms"));
        }
        dial.choices().tell(all);
        how.error().ifPresent(error -> all.add(new Decision(word(how.by()), error.code() + ": " + how.detail())));
        return all;
    }

    private static String word(EndedBy by) {
        return by == EndedBy.PROXY ? "answer" : "end";
    }

    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.error("a listener failed on a connection", e); // the connection itself is well
        }
    }

    private ConnectionOutcome.Ends ends(Optional<Line> line) {
        return new ConnectionOutcome.Ends(
                entrance.hop(),
                entrance.reporter(),
                entrance.name(),
                client,
                line.map(Line::peer),
                line.map(Line::endpoint),
                service);
    }
}
