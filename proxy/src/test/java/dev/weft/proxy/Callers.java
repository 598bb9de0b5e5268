package dev.weft.proxy;

import dev.weft.http.h2.SessionOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/** The callers of a {@link Load} that speak for themselves; those of gRPC are {@link GrpcEcho}'s. */
final class Callers {

    private static final String UPGRADE =
            "|Connection: Upgrade|Upgrade: websocket|Sec-WebSocket-Version: 13|Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==||";

    private Callers() {}

    /** Where to. */
    record Target(String address, int port, String host) {}

    private static void expect(boolean holds, Object found) throws IOException {
        if (!holds) {
            throw new IOException(String.valueOf(found));
        }
    }

    /** A GET and then a POST, which nobody may repeat once it was sent, on one connection. */
    static Load.Caller http1(Target to) throws IOException {
        Client client = new Client(to.address(), to.port());
        String rest = " / HTTP/1.1|Host: " + to.host() + "|";
        return new Load.Caller() {
            @Override
            public void call(int number) throws IOException {
                read(client.send("GET" + rest + "|").read());
                read(client.send("POST" + rest + "Content-Length: 3||abc").read());
            }

            private void read(Client.Answer answer) throws IOException {
                expect(answer.status() == 200 && answer.body().equals("hello"), answer);
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    /** A GET and a POST at once, as two streams of one connection. */
    static Load.Caller http2(Target to) throws IOException {
        StreamClient client = new StreamClient(
                new Socket(InetAddress.ofLiteral(to.address()), to.port()), SessionOptions.DEFAULT.scheme("http"));
        String rest = " / HTTP/1.1|host: " + to.host() + "|";
        return new Load.Caller() {
            @Override
            public void call(int number) throws IOException {
                int post = client.open("POST" + rest + "content-length: 3||", false);
                int get = client.open("GET" + rest + "|", true);
                client.data(post, "abc", true);
                read(client.read(get));
                read(client.read(post));
            }

            private void read(StreamClient.Answer answer) throws IOException {
                expect(answer.status() == 200 && answer.body.equals("hello"), answer.head + answer.body);
            }

            @Override
            public void close() throws IOException {
                client.close();
            }
        };
    }

    /** Messages on an opaque connection. */
    static Load.Caller tcp(Target to) throws IOException {
        return echoed(new Client(to.address(), to.port()));
    }

    /** Messages after a switch of protocols. */
    static Load.Caller webSocket(Target to) throws IOException {
        Client client = new Client(to.address(), to.port());
        String head =
                client.send("GET /chat HTTP/1.1|Host: " + to.host() + UPGRADE).readHead();
        expect(head.startsWith("HTTP/1.1 101 "), head);
        return echoed(client);
    }

    private static Load.Caller echoed(Client client) {
        return new Load.Caller() {
            @Override
            public void call(int number) throws IOException {
                String message = "message %6d".formatted(number);
                String back = client.send(message).read(message.length());
                expect(back.equals(message), back);
            }

            @Override
            public void close() throws IOException {
                try (client) {
                    String rest = client.end().readAll();
                    expect(rest.isEmpty(), rest);
                }
            }
        };
    }

    /** A stream for every few messages, which ends in order. */
    static Load.Caller brief(int messages, Load.Opening opening) {
        return new Load.Caller() {
            @Override
            public void call(int number) throws Exception {
                try (Load.Caller stream = opening.open()) {
                    for (int i = 0; i < messages; i++) {
                        stream.call(i);
                    }
                }
            }

            @Override
            public void close() {}
        };
    }
}
