package dev.weft.proxy.stack;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.model.traffic.RouteFilter.Cors;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.exchange.Station;
import dev.weft.proxy.route.HeadEdits;
import dev.weft.proxy.route.HeadEdits.Line;
import dev.weft.proxy.route.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Cross-origin requests of browsers (Fetch, section 3.2): answers the question whether one may be made, and writes into the
 * answer of one who may read it. An origin is named in return only where it is listed.
 */
final class AnswerPreflight implements Station {

    private static final HeaderName ORIGIN = HeaderName.of("origin");
    private static final HeaderName ASKED_METHOD = HeaderName.of("access-control-request-method");

    private static final Set<String> OWNED =
            Set.of("access-control-allow-origin", "access-control-allow-credentials", "access-control-expose-headers");

    private static final byte[] NOTHING = {};

    @Override
    public boolean pass(Exchange exchange) {
        Optional<Routing.Forward> forward = exchange.routed();
        Optional<Cors> cors = forward.isEmpty()
                ? Optional.empty()
                : forward.get().route().actions().cors();
        return cors.isEmpty() || pass(cors.get(), exchange);
    }

    private static boolean pass(Cors cors, Exchange exchange) {
        Fields fields = exchange.head().fields();
        Optional<String> origin = fields.value(ORIGIN);
        if (origin.isEmpty()) {
            return true;
        }
        boolean question = exchange.head().isMethod("OPTIONS") && fields.find(ASKED_METHOD) >= 0;
        List<Line> lines = new ArrayList<>();
        allowed(cors, origin.get()).ifPresent(named -> {
            lines.add(new Line("access-control-allow-origin", named));
            if (cors.credentials()) {
                lines.add(new Line("access-control-allow-credentials", "true"));
            }
            if (question) {
                list(lines, "access-control-allow-methods", cors.methods());
                list(lines, "access-control-allow-headers", cors.headers());
                list(lines, "access-control-max-age", cors.maxAge().isEmpty() ? List.of() : List.of(cors.maxAge()));
            } else {
                list(lines, "access-control-expose-headers", cors.exposedHeaders());
            }
        });
        if (!cors.origins().contains("*")) {
            lines.add(new Line("vary", "origin")); // a cache must not show one origin's answer to another
        }
        if (question) {
            return exchange.answer(200, lines, NOTHING);
        }
        exchange.answerEdits(new HeadEdits.Fields(OWNED, lines));
        return true;
    }

    private static Optional<String> allowed(Cors cors, String origin) {
        if (cors.origins().contains(origin)) {
            return Optional.of(origin);
        }
        return cors.origins().contains("*") ? Optional.of("*") : Optional.empty();
    }

    private static void list(List<Line> lines, String name, List<String> values) {
        if (!values.isEmpty()) {
            lines.add(new Line(name, String.join(", ", values)));
        }
    }
}
