package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.model.outcome.Trace;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.trace.B3;
import dev.weft.proxy.trace.Sampling;
import dev.weft.proxy.trace.TraceContext;
import dev.weft.proxy.trace.Tracing;
import dev.weft.proxy.trace.W3c;
import org.jspecify.annotations.Nullable;

/**
 * Makes this hop a span of its caller's trace, or begins a trace. The context goes on in the form in which it came, and in
 * W3C's where it begins here. Without tracing, one comparison.
 */
final class JoinTrace implements Station {

    private static final HeaderName TRACEPARENT = HeaderName.of("traceparent");
    private static final HeaderName TRACESTATE = HeaderName.of("tracestate");
    private static final HeaderName B3_SINGLE = HeaderName.of("b3");
    private static final HeaderName B3_TRACE = HeaderName.of("x-b3-traceid");
    private static final HeaderName B3_SPAN = HeaderName.of("x-b3-spanid");
    private static final HeaderName B3_PARENT = HeaderName.of("x-b3-parentspanid");
    private static final HeaderName B3_SAMPLED = HeaderName.of("x-b3-sampled");
    private static final HeaderName B3_FLAGS = HeaderName.of("x-b3-flags");

    @Override
    public boolean pass(Exchange exchange) {
        Tracing tracing = exchange.watching().tracing();
        if (tracing.on()) {
            join(exchange, tracing);
        }
        return true;
    }

    private static void join(Exchange exchange, Tracing tracing) {
        TraceContext caller = caller(exchange.head().fields(), exchange.view().bytes());
        if (caller == null && tracing.rootShare() == 0) {
            return;
        }
        TraceContext known = caller == null || !caller.named() ? begun(exchange, caller) : caller;
        if (known.sampling() == Sampling.SKIP) {
            return; // the headers say so to whoever comes next
        }
        boolean recorded = known.sampling() == Sampling.RECORD || tracing.samples(known.low());
        long span = notZero(exchange.random());
        if (recorded) {
            String state =
                    known.named() ? exchange.head().fields().value(TRACESTATE).orElse("") : "";
            exchange.trace(new Trace(known.high(), known.low(), span, known.span(), state));
        }
        tellOn(exchange, known, span, recorded);
    }

    /** A trace that begins here; the caller may have said whether to record it. */
    private static TraceContext begun(Exchange exchange, @Nullable TraceContext caller) {
        Sampling sampling = caller == null ? Sampling.OPEN : caller.sampling();
        return new TraceContext(exchange.random(), notZero(exchange.random()), 0, sampling);
    }

    private static @Nullable TraceContext caller(Fields fields, byte[] bytes) {
        int w3c = fields.find(TRACEPARENT);
        if (w3c >= 0) {
            boolean alone = fields.findFrom(TRACEPARENT, w3c + 1) < 0;
            TraceContext context = alone ? W3c.parse(bytes, fields.valueStart(w3c), fields.valueEnd(w3c)) : null;
            if (context != null) {
                return context;
            }
            fields.drop(TRACEPARENT);
            fields.drop(TRACESTATE);
        }
        int single = fields.find(B3_SINGLE);
        return single >= 0
                ? B3.single(bytes, fields.valueStart(single), fields.valueEnd(single))
                : separate(fields, bytes);
    }

    private static @Nullable TraceContext separate(Fields fields, byte[] bytes) {
        int sampled = fields.find(B3_SAMPLED);
        int flags = fields.find(B3_FLAGS);
        Sampling sampling =
                sampled < 0 ? Sampling.OPEN : B3.sampled(bytes, fields.valueStart(sampled), fields.valueEnd(sampled));
        if (flags >= 0 && fields.value(flags).equals("1")) {
            sampling = Sampling.RECORD;
        }
        int trace = fields.find(B3_TRACE);
        int span = fields.find(B3_SPAN);
        if (trace >= 0 && span >= 0) {
            return B3.context(
                    bytes,
                    fields.valueStart(trace),
                    fields.valueEnd(trace),
                    bytes,
                    fields.valueStart(span),
                    fields.valueEnd(span),
                    sampling);
        }
        return sampling == Sampling.OPEN ? null : new TraceContext(0, 0, 0, sampling);
    }

    private static void tellOn(Exchange exchange, TraceContext trace, long span, boolean recorded) {
        Fields fields = exchange.head().fields();
        boolean single = fields.find(B3_SINGLE) >= 0;
        boolean separate = fields.find(B3_TRACE) >= 0 || fields.find(B3_SAMPLED) >= 0 || fields.find(B3_FLAGS) >= 0;
        if (single) {
            replace(exchange, B3_SINGLE, B3.format(trace.high(), trace.low(), span, trace.span(), recorded));
        }
        if (separate) {
            fields.drop(B3_FLAGS);
            fields.drop(B3_PARENT);
            replace(exchange, B3_TRACE, B3.traceId(trace.high(), trace.low()));
            replace(exchange, B3_SPAN, B3.spanId(span));
            replace(exchange, B3_SAMPLED, new byte[] {(byte) (recorded ? '1' : '0')});
            if (trace.named()) {
                exchange.toServer().add(B3_PARENT, B3.spanId(trace.span()), 0, 16);
            }
        }
        if (fields.find(TRACEPARENT) >= 0 || !(single || separate)) {
            replace(exchange, TRACEPARENT, W3c.format(trace.high(), trace.low(), span, recorded));
        }
    }

    private static void replace(Exchange exchange, HeaderName name, byte[] value) {
        exchange.head().fields().drop(name);
        exchange.toServer().add(name, value, 0, value.length);
    }

    private static long notZero(long any) {
        return any == 0 ? 1 : any;
    }
}
