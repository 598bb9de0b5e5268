package dev.weft.proxy.tcp;

import dev.weft.model.outcome.Trace;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.trace.Sampling;
import dev.weft.proxy.trace.TraceContext;
import dev.weft.proxy.trace.Tracing;
import dev.weft.proxy.trace.W3c;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Which stream this is: what the calling proxy tells the called one before anything else, so that both speak of the same.
 *
 * @param id for people
 * @param trace where this hop stands in a trace that is recorded
 */
record Introduction(String id, Optional<Trace> trace) {

    private static final int ID_LENGTH_MAX = 128;

    /** Of a stream that begins here. */
    static Introduction begin(Worker worker) {
        return begin(worker, worker.requestIds().next());
    }

    /** Of a stream that was asked for by a request with this id. */
    static Introduction begin(Worker worker, String id) {
        Tracing tracing = worker.watching().tracing();
        long low = worker.random().nextLong();
        boolean recorded = tracing.on() && tracing.rootShare() > 0 && tracing.samples(low);
        return new Introduction(
                id,
                recorded
                        ? Optional.of(new Trace(worker.random().nextLong(), low, notZero(worker), 0, ""))
                        : Optional.empty());
    }

    /** As the calling side said; empty when that is malformed. */
    static Optional<Introduction> read(String text, Worker worker) {
        int space = text.indexOf(' ');
        String id = space < 0 ? text : text.substring(0, space);
        boolean visible = id.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (id.isEmpty() || id.length() > ID_LENGTH_MAX || !visible) {
            return Optional.empty();
        }
        return Optional.of(
                new Introduction(id, space < 0 ? Optional.empty() : child(text.substring(space + 1), worker)));
    }

    /** A span of the calling hop's trace, where that is recorded. */
    private static Optional<Trace> child(String traceparent, Worker worker) {
        byte[] text = traceparent.getBytes(StandardCharsets.UTF_8);
        TraceContext caller = W3c.parse(text, 0, text.length);
        if (caller == null
                || caller.sampling() != Sampling.RECORD
                || !worker.watching().tracing().on()) {
            return Optional.empty();
        }
        return Optional.of(new Trace(caller.high(), caller.low(), notZero(worker), caller.span(), ""));
    }

    /** For the called side. */
    String text() {
        return trace.map(known -> id + " "
                        + new String(
                                W3c.format(known.high(), known.low(), known.span(), true), StandardCharsets.US_ASCII))
                .orElse(id);
    }

    private static long notZero(Worker worker) {
        long any = worker.random().nextLong();
        return any == 0 ? 1 : any;
    }
}
