package dev.weft.proxy;

import dev.weft.http.h2.SessionOptions;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that take as long as they are let with everything: each sends or reads a byte now and then, and connects again when
 * it has been closed. Loopback's own, as the limit by address exempts it.
 */
final class SlowClients implements Closeable {

    private static final int LARGE_BODY = 1_000_000;
    private static final byte[] SOME = {'a'};
    private static final String POST = "POST / HTTP/1.1|Host: shop.test|Content-Length: " + LARGE_BODY + "||";

    private final int port;
    private final long pauseNanos;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();
    private volatile boolean over;

    private enum Kind {
        HEAD,
        BODY,
        READER,
        STREAM_HEAD,
        STREAM_BODY,
        STREAM_READER
    }

    /** So many, of all kinds alike, each of which does something after every pause. */
    SlowClients(int port, int count, long pauseNanos) {
        this.port = port;
        this.pauseNanos = pauseNanos;
        for (int i = 0; i < count; i++) {
            Kind kind = Kind.values()[i % Kind.values().length];
            threads.add(Thread.ofVirtual().start(() -> bother(kind)));
        }
    }

    /** Connections that there are now. */
    int open() {
        return open.size();
    }

    /** How often one of them was ended by the proxy. */
    int ended() {
        return ended.get();
    }

    /** How often one of them was told 408 before. */
    int told() {
        return told.get();
    }

    private void bother(Kind kind) {
        while (!over) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                open.add(socket);
                switch (kind) {
                    case HEAD -> drip(socket, "GET / HTTP/1.1|Host: shop.test|x: ");
                    case BODY -> drip(socket, POST);
                    case READER -> sip(socket, "GET /large HTTP/1.1|Host: shop.test||");
                    case STREAM_HEAD -> dripHeaders(socket);
                    case STREAM_BODY -> dripStream(socket);
                    case STREAM_READER -> sipStream(socket);
                }
            } catch (IOException | UncheckedIOException _) {
                // closed by the proxy
            } finally {
                open.removeIf(Socket::isClosed);
            }
            if (!over) {
                ended.incrementAndGet();
                LockSupport.parkNanos(pauseNanos);
            }
        }
    }

    private void drip(Socket socket, String start) throws IOException {
        Client client = new Client(socket).send(start);
        while (socket.getInputStream().available() == 0 && client.takes(SOME)) {
            LockSupport.parkNanos(pauseNanos);
        }
        if (client.readHead().startsWith("HTTP/1.1 408 ")) {
            told.incrementAndGet();
        }
    }

    private void sip(Socket socket, String request) throws IOException {
        socket.setReceiveBufferSize(4 * 1024);
        Client client = new Client(socket).send(request);
        while (client.in().read() >= 0) {
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private void dripHeaders(Socket socket) throws IOException {
        Client client = new Client(socket).send("PRI * HTTP/2.0||SM||");
        client.send(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}).send(new byte[] {0, 32, 0, 1, 4, 0, 0, 0, 1});
        while (client.takes(new byte[] {(byte) 0x82})) {
            LockSupport.parkNanos(pauseNanos);
        }
    }

    private void dripStream(Socket socket) throws IOException {
        StreamClient client = new StreamClient(socket, SessionOptions.DEFAULT.scheme("http"));
        int stream = client.open("POST / HTTP/1.1|host: shop.test|content-length: " + LARGE_BODY + "||", false);
        while (socket.getInputStream().available() < 100 && !client.hungUp()) { // settings at once, the answer later
            LockSupport.parkNanos(pauseNanos);
            client.data(stream, "a", false);
        }
        if (client.readHead(stream).head.startsWith("HTTP/1.1 408 ")) {
            told.incrementAndGet();
        }
    }

    private void sipStream(Socket socket) throws IOException {
        socket.setReceiveBufferSize(4 * 1024);
        StreamClient client = new StreamClient(socket, SessionOptions.DEFAULT.scheme("http"));
        client.get("shop.test", "/large");
        while (socket.getInputStream().read() >= 0) {
            LockSupport.parkNanos(pauseNanos);
        }
    }

    @Override
    public void close() throws IOException {
        over = true;
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
