package dev.weft.proxy.stack;

import dev.weft.model.traffic.RouteFilter;
import dev.weft.proxy.exchange.Exchange;
import dev.weft.proxy.route.HeadEdits;
import dev.weft.proxy.route.Routing;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Carries out what the route table said. */
final class Routed {

    private Routed() {}

    static boolean follow(Routing routing, Exchange exchange) {
        return switch (routing) {
            case Routing.Forward forward -> exchange.route(forward);
            case Routing.Redirect redirect ->
                exchange.redirect(
                        redirect.redirect().status(),
                        location(redirect.redirect(), redirect.route().edits(), exchange));
            case Routing.Answer given ->
                exchange.answer(
                        given.answer().status(),
                        List.of(new HeadEdits.Line(
                                "content-type", given.answer().contentType())),
                        given.answer().body().getBytes(StandardCharsets.UTF_8));
            case Routing.Refusal refusal -> exchange.refuse(refusal.error(), refusal.reason());
        };
    }

    private static String location(RouteFilter.Redirect redirect, HeadEdits edits, Exchange exchange) {
        String scheme = redirect.scheme().isEmpty() ? exchange.scheme() : redirect.scheme();
        String host = host(redirect, exchange);
        String path =
                redirect.path().isEmpty() ? edits.rewritten(exchange.view().path()) : redirect.path();
        String query = path.indexOf('?') < 0 ? exchange.head().target().query() : "";
        return scheme + "://" + host + path + query;
    }

    /** The port belongs to the scheme: it stays only while the scheme does. */
    private static String host(RouteFilter.Redirect redirect, Exchange exchange) {
        if (redirect.host().startsWith(":")) {
            return exchange.head().target().host() + redirect.host();
        }
        if (!redirect.host().isEmpty()) {
            return redirect.host();
        }
        boolean sameScheme = redirect.scheme().isEmpty() || redirect.scheme().equals(exchange.scheme());
        return sameScheme
                ? exchange.head().target().authority()
                : exchange.head().target().host();
    }
}
