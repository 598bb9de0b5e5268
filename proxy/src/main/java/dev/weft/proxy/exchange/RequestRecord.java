package dev.weft.proxy.exchange;

import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.ProtocolProblem;
import dev.weft.http.h1.RequestHead;
import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.Details;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.outcome.Trace;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.route.FrontendRoutes;
import dev.weft.proxy.route.Route;
import dev.weft.proxy.route.Routing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one request for its {@link Outcome}. Costs a few fields while all is well; the chain of decisions is
 * put into words only for a request that failed, or while somebody watches. Part of one {@link Exchange}.
 */
final class RequestRecord {

    private static final Logger LOG = LoggerFactory.getLogger(RequestRecord.class);

    private static final int NEAR_MISSES_MAX = 5;

    private final Exchange exchange;
    private String requestId = "";
    private Instant startedAt = Instant.EPOCH;
    private long startNanos;
    private long firstByteNanos;
    private int status;
    private int grpcStatus = Details.NO_GRPC_STATUS;
    private long answerBytes;
    private Optional<ServicePort> service = Optional.empty();
    private Optional<ErrorCode> error = Optional.empty();
    private Optional<Peer> server = Optional.empty();
    private Optional<Trace> trace = Optional.empty();
    private String detail = "";
    private String access = "";
    private String allowedBy = "";
    private String retry = "";

    RequestRecord(Exchange exchange) {
        this.exchange = exchange;
    }

    void begin() {
        requestId = "";
        startedAt = Instant.now();
        startNanos = System.nanoTime();
        firstByteNanos = 0;
        status = 0;
        grpcStatus = Details.NO_GRPC_STATUS;
        answerBytes = 0;
        service = Optional.empty();
        error = Optional.empty();
        server = Optional.empty();
        trace = Optional.empty();
        detail = "";
        access = "";
        allowedBy = "";
        retry = "";
    }

    static ErrorCode errorOf(ProtocolProblem problem) {
        return switch (problem.status()) {
            case 414 -> ErrorCode.URI_TOO_LONG;
            case 431 -> ErrorCode.HEAD_TOO_LARGE;
            case 501, 505 -> ErrorCode.PROTOCOL_UNSUPPORTED;
            default -> ErrorCode.BAD_REQUEST;
        };
    }

    void requestId(String id) {
        requestId = id;
    }

    String requestId() {
        return requestId;
    }

    long startNanos() {
        return startNanos;
    }

    void routed(ServicePort to) {
        service = Optional.of(to);
        if (exchange.client().silent()) {
            return;
        }
        exchange.worker().outcomes().routed(to.service());
    }

    String serviceName() {
        return service.map(ServicePort::toString).orElse("the service");
    }

    void access(String reason) {
        access = reason;
    }

    /** What lets it pass: a resource, or a word for there being none. */
    void allowed(String by) {
        access = by;
        allowedBy = by;
    }

    void retryDecided(String reason) {
        retry = reason;
    }

    void server(Peer peer) {
        server = Optional.of(peer);
    }

    void trace(Trace joined) {
        trace = Optional.of(joined);
    }

    Optional<Trace> trace() {
        return trace;
    }

    void answered(int code, long now) {
        status = code;
        firstByteNanos = now - startNanos;
    }

    /** How a call of gRPC ended. */
    void grpcStatus(int code) {
        grpcStatus = code;
    }

    void answerBytes(long more) {
        answerBytes += more;
    }

    void failed(ErrorCode why, String sentence) {
        error = Optional.of(why);
        detail = sentence;
    }

    void end() {
        if (exchange.client().silent()) {
            return; // the request that it copies has been told of
        }
        RequestHead head = exchange.head();
        boolean read = head.end() > 0;
        Entrance entrance = exchange.entrance();
        Optional<Routing.Forward> routed = exchange.routed();
        Outcome outcome = new Outcome(
                requestId,
                entrance.hop(),
                entrance.reporter(),
                exchange.clientPeer(),
                server,
                entrance.name(),
                routed.isPresent() ? routed.get().route().frontend().name() : "",
                routed.isPresent() ? routed.get().route().rule().name() : allowedBy,
                service,
                read ? head.method() : "",
                read ? head.target().authority() : "",
                read ? head.target().path() : "",
                status,
                error,
                startedAt,
                exchange.sending().waitedNanos(),
                firstByteNanos,
                System.nanoTime() - startNanos,
                (read ? head.end() : 0) + exchange.body().bytes(),
                answerBytes,
                List.copyOf(exchange.sending().attempts()),
                tellWhy() ? decisions() : List.of(),
                exchange.snapshot().snapshot().version(),
                details(head));
        try {
            exchange.worker().outcomes().ended(outcome);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on {}", outcome, e); // the request itself is over and well
        }
    }

    private Details details(RequestHead head) {
        Details plain = exchange.client().multiplexed()
                ? grpcStatus == 0 ? Details.GRPC_OK : Details.HTTP_2
                : head.minorVersion() == 0 ? Details.HTTP_1_0 : Details.HTTP_1_1;
        List<HeaderName> wanted = exchange.watching().headers();
        if (trace.isEmpty() && wanted.isEmpty() && grpcStatus == plain.grpcStatus()) {
            return plain;
        }
        Map<String, String> headers = new HashMap<>();
        for (HeaderName name : wanted) {
            head.fields().value(name).ifPresent(value -> headers.put(name.toString(), value));
        }
        return new Details(plain.protocol(), grpcStatus, trace, headers);
    }

    private boolean tellWhy() {
        return status >= 400
                || status == 0
                || grpcStatus > 0
                || error.isPresent()
                || exchange.watching().decisions();
    }

    private List<Decision> decisions() {
        List<Decision> all = new ArrayList<>();
        boolean multiplexed = exchange.client().multiplexed();
        all.add(new Decision(
                "protocol", exchange.client().caller().protocol(multiplexed).how()));
        Optional<Routing.Forward> routed = exchange.routed();
        if (routed.isPresent()) {
            Routing.Forward forward = routed.get();
            all.add(new Decision("route", named(forward.route())));
            forward.delegates().forEach(route -> all.add(new Decision("route", "then " + named(route))));
            all.add(new Decision("backend", "service " + forward.servicePort()));
        }
        boolean read = exchange.head().end() > 0;
        if (read && (error.isPresent() || status >= 400)) {
            nearMisses(all);
        }
        if (!access.isEmpty()) {
            all.add(new Decision("authorize", access));
        }
        long waited = exchange.sending().waitedNanos();
        if (waited > 0) {
            all.add(new Decision("capacity", "held for " + waited / 1_000_000 + " ms"));
        }
        for (Attempt attempt : exchange.sending().attempts()) {
            String result = attempt.error().map(ErrorCode::code).orElse("status " + attempt.status());
            all.add(new Decision(
                    "try", attempt.endpoint() + ": " + result + " after " + attempt.endNanos() / 1_000_000 + " ms"));
        }
        whyThere(all);
        if (!retry.isEmpty()) {
            all.add(new Decision("retry", retry));
        }
        if (error.isPresent()) {
            all.add(new Decision("answer", error.get().code() + ": " + detail));
        }
        return all;
    }

    /** Adds what the choice of the last endpoint depended on. */
    private void whyThere(List<Decision> all) {
        long now = System.nanoTime();
        exchange.sending().choices().tell(all);
        Optional<Routing.Forward> routed = exchange.routed();
        if (routed.isPresent()) {
            EndpointGroup group = exchange.worker()
                    .view()
                    .snapshot()
                    .groups()
                    .get(routed.get().servicePort());
            if (group != null && group.policy().circuitBreaking().on()) {
                exchange.worker()
                        .balancers()
                        .of(group, now)
                        .outNow(now)
                        .forEach(text -> all.add(new Decision("circuit breaker", text)));
            }
        }
    }

    private static String named(Route route) {
        return "frontend " + route.frontend().name() + ", rule " + route.rule().name() + " of "
                + route.rule().source();
    }

    private void nearMisses(List<Decision> all) {
        Optional<FrontendRoutes> frontend = switch (exchange.entrance().hop()) {
            case EDGE -> exchange.snapshot().routes().edge(exchange.view());
            case OUTBOUND ->
                exchange.snapshot().routes().mesh(exchange.entrance().reporter().namespace(), exchange.view());
            case INBOUND -> Optional.empty();
        };
        frontend.ifPresent(found -> found.nearMisses(exchange.view(), NEAR_MISSES_MAX).stream()
                .forEach(miss -> all.add(new Decision(
                        "near miss", "rule " + miss.rule() + " of " + miss.source() + ": " + miss.reason()))));
    }
}
