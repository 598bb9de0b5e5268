package dev.weft.apiserver.stream;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One {@code kubectl port-forward}: pairs of channels, each pair tied to one connection to the pod. */
public final class ForwardSession {

    private final PodAccess pods;
    private final String namespace;
    private final String pod;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    public ForwardSession(PodAccess pods, String namespace, String pod) {
        this.pods = pods;
        this.namespace = namespace;
        this.pod = pod;
    }

    /** The client has gone. From any thread. */
    public void end() {
        sockets.forEach(ForwardSession::close);
    }

    /** For each connection the client opens a stream for errors, then one for data, which name each other. */
    public void serve(Spdy spdy) throws IOException {
        Map<String, Spdy.Stream> errors = new ConcurrentHashMap<>();
        try (Heartbeat _ = new Heartbeat(spdy::ping)) {
            spdy.read(stream -> {
                String request = stream.header("requestid");
                if (stream.header("streamtype").equals("error")) {
                    errors.put(request, stream);
                    return;
                }
                Spdy.Stream error = errors.remove(request);
                if (error != null) {
                    CommandSession.thread("forward", () -> {
                        tie(port(stream), stream, error);
                        spdy.forget(stream);
                        spdy.forget(error);
                    });
                }
            });
        } finally {
            end();
        }
    }

    /** Two channels for each port; each says first which port it is about. */
    public void serve(WebSocketChannels socket, List<Integer> ports) throws IOException {
        try (Heartbeat _ = new Heartbeat(socket::ping)) {
            for (int i = 0; i < ports.size(); i++) {
                int port = ports.get(i);
                byte[] little = {(byte) port, (byte) (port >> 8)};
                Channel data = socket.channel(2 * i);
                Channel error = socket.channel(2 * i + 1);
                data.write(little, 0, 2);
                error.write(little, 0, 2);
                CommandSession.thread("forward", () -> {
                    tie(port, data, error);
                    if (ports.size() == 1) {
                        socket.close(); // there is no other way to say that the connection has ended
                    }
                });
            }
            socket.read();
        } finally {
            end();
        }
    }

    private void tie(int port, Channel data, Channel error) throws IOException {
        try (Socket socket = pods.connect(namespace, pod, port)) {
            sockets.add(socket);
            CommandSession.thread("forward-in", () -> {
                copy(data.input(), socket);
                socket.shutdownOutput();
            });
            byte[] part = new byte[16 << 10];
            InputStream in = socket.getInputStream();
            for (int count = in.read(part); count >= 0; count = in.read(part)) {
                data.write(part, 0, count);
            }
            sockets.remove(socket);
        } catch (IOException e) {
            byte[] text = ("error forwarding port " + port + " to pod " + pod + ": " + e.getMessage())
                    .getBytes(StandardCharsets.UTF_8);
            error.write(text, 0, text.length);
        } finally {
            data.finish();
            error.finish();
        }
    }

    private static void copy(InputStream in, Socket socket) throws IOException {
        byte[] part = new byte[16 << 10];
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            socket.getOutputStream().write(part, 0, count);
        }
    }

    private static int port(Spdy.Stream stream) {
        String port = stream.header("port");
        return port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed
        }
    }
}
