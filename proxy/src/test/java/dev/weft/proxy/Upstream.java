package dev.weft.proxy;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that does what its script says with each connection. */
final class Upstream implements Closeable {

    private final ServerSocket socket;
    private final Script script;
    private final AtomicInteger connections = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> heads;

    /** Talks on one connection; it is closed when this returns. */
    interface Script {
        void talk(Client peer, int connection) throws IOException;
    }

    Upstream(Script script) throws IOException {
        this(new CopyOnWriteArrayList<>(), script);
    }

    private Upstream(List<String> heads, Script script) throws IOException {
        this.heads = heads;
        this.script = script;
        this.socket = new ServerSocket(0, 4096, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Answers every request with this, until the peer closes. */
    static Upstream answering(String answer) throws IOException {
        List<String> heads = new CopyOnWriteArrayList<>();
        return new Upstream(heads, (peer, _) -> {
            while (true) {
                heads.add(peer.readHead());
                peer.send(answer);
            }
        });
    }

    /** The request heads seen by {@link #answering}. */
    List<String> heads() {
        return heads;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket accepted = socket.accept();
                open.add(accepted);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().start(() -> talk(accepted, number));
            } catch (IOException _) {
                return;
            }
        }
    }

    private void talk(Socket accepted, int number) {
        try (accepted) {
            script.talk(new Client(accepted), number);
        } catch (IOException _) {
            // the peer went away: the script is over
        } finally {
            open.remove(accepted);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
