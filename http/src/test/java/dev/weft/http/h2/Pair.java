package dev.weft.http.h2;

import java.nio.charset.StandardCharsets;

/** A client's and a server's session, and the wire between them. */
final class Pair {

    final Recorder atClient = new Recorder();
    final Recorder atServer = new Recorder();
    final Session client;
    final Session server;
    long now = 1;

    Pair() {
        this(SessionOptions.DEFAULT, SessionOptions.DEFAULT);
    }

    Pair(SessionOptions ofClient, SessionOptions ofServer) {
        client = Session.client(ofClient, atClient, atClient);
        server = Session.server(ofServer, atServer, atServer);
        atClient.over(client);
        atServer.over(server);
        client.start(now);
        server.start(now);
        exchange();
        atClient.heard();
        atServer.heard();
    }

    /** Carries what was written, until nothing more is. */
    void exchange() {
        while (true) {
            byte[] up = atClient.take();
            byte[] down = atServer.take();
            if (up.length + down.length == 0) {
                return;
            }
            server.receive(up, 0, up.length, now);
            client.receive(down, 0, down.length, now);
        }
    }

    int open(String head, boolean end) {
        byte[] bytes = bytes(head);
        return client.open(bytes, 0, bytes.length, end);
    }

    static byte[] bytes(String lines) {
        return lines.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    void answer(int stream, String head, boolean end) {
        byte[] bytes = bytes(head);
        server.head(stream, bytes, 0, bytes.length, end);
    }

    static void data(Session from, int stream, String text, boolean end) {
        byte[] bytes = bytes(text);
        from.data(stream, bytes, 0, bytes.length, end);
    }

    static void trailers(Session from, int stream, String lines) {
        byte[] bytes = bytes(lines);
        from.trailers(stream, bytes, 0, bytes.length);
    }
}
