package dev.weft.proxy.exchange;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.Balancing.HashKey;
import dev.weft.proxy.balance.Hash;
import dev.weft.proxy.route.HeadView;
import java.time.Duration;
import java.util.Optional;

/**
 * By what a request is hashed to an endpoint. A request without it goes anywhere, and, where its cookie has a time to live,
 * gets one, so that its next ones go to the same endpoint.
 *
 * @param hash of the key
 * @param cookie what {@code set-cookie} tells the client; empty for nothing
 */
record RequestKey(long hash, String cookie) {

    private static final RequestKey NONE = new RequestKey(0, "");

    static RequestKey of(Balancing balancing, Exchange exchange) {
        return switch (balancing) {
            case Balancing.PeakEwma _, Balancing.LeastRequest _, Balancing.RoundRobin _ -> NONE;
            case Balancing.RingHash(HashKey key) -> of(key, exchange);
            case Balancing.Maglev(HashKey key) -> of(key, exchange);
        };
    }

    private static RequestKey of(HashKey key, Exchange exchange) {
        return switch (key) {
            case HashKey.Header(String name) -> of(exchange.view().header(name), exchange);
            case HashKey.SourceAddress _ -> of(Optional.of(exchange.clientAddress()), exchange);
            case HashKey.Cookie(String name, String path, Optional<Duration> timeToLive) -> {
                Optional<String> sent = cookie(exchange.view(), name);
                yield sent.isPresent() || timeToLive.isEmpty()
                        ? of(sent, exchange)
                        : newCookie(name, path, timeToLive.get(), exchange);
            }
        };
    }

    private static RequestKey of(Optional<String> text, Exchange exchange) {
        return new RequestKey(Hash.of(text.isPresent() ? text.get() : exchange.newRequestId()), "");
    }

    private static RequestKey newCookie(String name, String path, Duration timeToLive, Exchange exchange) {
        String value = exchange.newRequestId();
        StringBuilder cookie = new StringBuilder(name).append('=').append(value);
        if (!timeToLive.isZero()) {
            cookie.append("; Max-Age=").append(timeToLive.toSeconds());
        }
        if (!path.isEmpty()) {
            cookie.append("; Path=").append(path);
        }
        return new RequestKey(Hash.of(value), cookie.append("; HttpOnly").toString());
    }

    /** RFC 6265 §4.2.1: {@code name=value} pairs, a semicolon between them. */
    private static Optional<String> cookie(HeadView head, String name) {
        String all = head.header("cookie").orElse("");
        int at = 0;
        while (at < all.length()) {
            int semicolon = all.indexOf(';', at);
            int end = semicolon < 0 ? all.length() : semicolon;
            String pair = all.substring(at, end).strip();
            if (pair.startsWith(name) && pair.length() > name.length() && pair.charAt(name.length()) == '=') {
                String value = pair.substring(name.length() + 1);
                boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
                return Optional.of(quoted ? value.substring(1, value.length() - 1) : value);
            }
            at = end + 1;
        }
        return Optional.empty();
    }
}
