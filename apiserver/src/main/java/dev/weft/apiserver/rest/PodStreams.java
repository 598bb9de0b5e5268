package dev.weft.apiserver.rest;

import dev.weft.apiserver.stream.CommandSession;
import dev.weft.apiserver.stream.ForwardSession;
import dev.weft.apiserver.stream.PodAccess;
import dev.weft.apiserver.stream.RawConnection;
import dev.weft.apiserver.stream.Spdy;
import dev.weft.apiserver.stream.Tunnel;
import dev.weft.apiserver.stream.WebSocket;
import dev.weft.apiserver.stream.WebSocketChannels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * Answers {@code pods/NAME/exec} and {@code pods/NAME/portforward}: agrees with the client on what the connection becomes,
 * and serves that. WebSocket and SPDY/3.1 upgrades are taken, as kubectl of any age and client libraries send them.
 */
final class PodStreams {

    private static final String SPDY = "SPDY/3.1";
    private static final String WEBSOCKET = "websocket";
    private static final List<String> COMMANDS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");
    private static final String TUNNEL = "SPDY/3.1+portforward.k8s.io";
    private static final String FORWARD = "portforward.k8s.io";
    private static final String CHANNELS = "v4.channel.k8s.io";
    private static final int SESSIONS_MAX = 100;

    private final PodAccess pods;
    private final Semaphore sessions = new Semaphore(SESSIONS_MAX);

    PodStreams(PodAccess pods) {
        this.pods = pods;
    }

    void execute(Exchange exchange, Target target) {
        CommandSession.Wish wish = new CommandSession.Wish(
                target.namespace(),
                target.name(),
                exchange.query("container"),
                exchange.queries("command"),
                exchange.flag("stdin"),
                exchange.flag("stdout"),
                exchange.flag("stderr"),
                exchange.flag("tty"));
        if (wish.command().isEmpty()) {
            throw ApiException.badRequest("you must specify at least 1 command for the container");
        }
        CommandSession session = new CommandSession(pods, wish);
        if (isWebSocket(exchange)) {
            String protocol = agreed(exchange, "Sec-WebSocket-Protocol", COMMANDS);
            upgrade(
                    exchange,
                    webSocket(exchange, protocol),
                    (in, out) -> session.serve(new WebSocketChannels(new WebSocket(in, out))),
                    session::end);
        } else {
            String protocol = agreed(exchange, "X-Stream-Protocol-Version", List.of("v4.channel.k8s.io"));
            upgrade(exchange, spdy(protocol), (in, out) -> session.serve(new Spdy(in, out)), session::end);
        }
    }

    void forward(Exchange exchange, Target target) {
        ForwardSession session = new ForwardSession(pods, target.namespace(), target.name());
        if (!isWebSocket(exchange)) {
            String protocol = agreed(exchange, "X-Stream-Protocol-Version", List.of(FORWARD));
            upgrade(exchange, spdy(protocol), (in, out) -> session.serve(new Spdy(in, out)), session::end);
            return;
        }
        String protocol = agreed(exchange, "Sec-WebSocket-Protocol", List.of(TUNNEL, CHANNELS));
        if (protocol.equals(TUNNEL)) {
            upgrade(
                    exchange,
                    webSocket(exchange, protocol),
                    (in, out) -> {
                        Tunnel tunnel = new Tunnel(new WebSocket(in, out));
                        session.serve(new Spdy(tunnel.input(), tunnel.output()));
                    },
                    session::end);
            return;
        }
        List<Integer> ports = ports(exchange);
        upgrade(
                exchange,
                webSocket(exchange, protocol),
                (in, out) -> session.serve(new WebSocketChannels(new WebSocket(in, out)), ports),
                session::end);
    }

    private static List<Integer> ports(Exchange exchange) {
        List<Integer> ports = new ArrayList<>();
        for (String text : String.join(",", exchange.queries("ports")).split(",", -1)) {
            int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
            if (port < 1 || port > 65_535) {
                throw ApiException.badRequest("query parameter \"ports\": \"" + text + "\" (expected: 1 to 65535)");
            }
            ports.add(port);
        }
        return ports;
    }

    private static boolean isWebSocket(Exchange exchange) {
        String upgrade = exchange.header("Upgrade");
        if (upgrade.equalsIgnoreCase(WEBSOCKET) && exchange.method().equals("GET")) {
            return true;
        }
        if (upgrade.equalsIgnoreCase(SPDY)) {
            return false;
        }
        throw ApiException.badRequest(
                "Upgrade request required: \"" + upgrade + "\" (expected: websocket or " + SPDY + ")");
    }

    /** The first of ours that the client offers too. */
    private static String agreed(Exchange exchange, String header, List<String> ours) {
        List<String> offered = exchange.headers(header);
        return ours.stream()
                .filter(offered::contains)
                .findFirst()
                .orElseThrow(() -> ApiException.noProtocol(header, offered, ours));
    }

    private static Map<String, String> webSocket(Exchange exchange, String protocol) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("Upgrade", WEBSOCKET);
        answer.put("Sec-WebSocket-Accept", WebSocket.accept(exchange.header("Sec-WebSocket-Key")));
        answer.put("Sec-WebSocket-Protocol", protocol);
        return answer;
    }

    private static Map<String, String> spdy(String protocol) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("Upgrade", SPDY);
        answer.put("X-Stream-Protocol-Version", protocol);
        return answer;
    }

    private void upgrade(
            Exchange exchange, Map<String, String> headers, RawConnection.Service service, Runnable ended) {
        if (!sessions.tryAcquire()) {
            throw ApiException.tooManySessions(SESSIONS_MAX);
        }
        exchange.upgrade(headers, service, () -> {
            sessions.release();
            ended.run();
        });
    }
}
