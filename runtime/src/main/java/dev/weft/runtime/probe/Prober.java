package dev.weft.runtime.probe;

import dev.weft.model.workload.Instance;
import dev.weft.runtime.probe.Probe.Action;
import dev.weft.runtime.process.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a program once, at the place where it really listens, past the mesh. */
public final class Prober {

    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final int STATUS_LINE_BYTES_MAX = 256;

    private Prober() {}

    /** How the program is reached. */
    public interface Reach {

        /** A socket that is not connected yet. */
        Socket socket() throws IOException;

        /** Starts a command beside the program. */
        Execution execute(List<String> command) throws IOException;
    }

    /** Empty when the answer is good; otherwise what was wrong with it. Blocks up to the probe's timeout. */
    public static Optional<String> ask(Probe probe, List<Instance.Port> ports, Reach reach) {
        return switch (probe.action()) {
            case Action.HttpGet get ->
                target(get.port(), ports)
                        .map(target -> httpGet(get, target, probe.timeout(), reach))
                        .orElseGet(() -> Optional.of("there is no port " + get.port()));
            case Action.TcpSocket(String port) ->
                target(port, ports)
                        .map(target -> connect(target, probe.timeout(), reach))
                        .orElseGet(() -> Optional.of("there is no port " + port));
            case Action.Exec(List<String> command) -> execute(command, probe.timeout(), reach);
            case Action.Unsupported(String what) -> Optional.of("probes of kind " + what + " are not built yet");
        };
    }

    /** The application's own place for a container port, by name or number; a number not declared is taken as it is. */
    private static Optional<InetSocketAddress> target(String port, List<Instance.Port> ports) {
        if ((port.isEmpty() || port.equals("0")) && !ports.isEmpty()) {
            return Optional.of(address(ports.getFirst()));
        }
        Optional<InetSocketAddress> declared = ports.stream()
                .filter(known -> known.name().equals(port)
                        || Integer.toString(known.containerPort()).equals(port))
                .findFirst()
                .map(Prober::address);
        return declared.isPresent() || !port.matches("[1-9][0-9]{0,4}")
                ? declared
                : Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
    }

    private static InetSocketAddress address(Instance.Port port) {
        return new InetSocketAddress(InetAddress.ofLiteral(port.applicationAddress()), port.applicationPort());
    }

    private static Optional<String> connect(InetSocketAddress target, Duration timeout, Reach reach) {
        try (Socket socket = reach.socket()) {
            socket.connect(target, (int) timeout.toMillis());
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("tcp connect to port " + target.getPort() + ": " + e.getMessage());
        }
    }

    /** The socket is closed when the time is up, whatever the exchange has come to: bytes that trickle in do not prolong it. */
    private static Optional<String> httpGet(
            Action.HttpGet get, InetSocketAddress target, Duration timeout, Reach reach) {
        String what = (get.secure() ? "HTTPS GET " : "GET ") + get.path() + " on port " + target.getPort() + ": ";
        CompletableFuture<Boolean> late = new CompletableFuture<>();
        try (Socket plain = reach.socket()) {
            var _ = late.completeOnTimeout(true, timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .thenAccept(isLate -> close(plain, isLate));
            plain.connect(target, (int) timeout.toMillis());
            Socket socket = get.secure() ? AnyCertificate.over(plain, target) : plain;
            socket.getOutputStream().write(request(get, target).getBytes(StandardCharsets.ISO_8859_1));
            String line = statusLine(socket.getInputStream());
            int status = line.matches("HTTP/1\\.[01] [1-5][0-9][0-9].*") ? Integer.parseInt(line, 9, 12, 10) : 0;
            return status >= 200 && status < 400
                    ? Optional.empty()
                    : Optional.of(what + (status == 0 ? "not an HTTP answer" : "status " + status));
        } catch (IOException e) {
            boolean isLate = late.getNow(false);
            return Optional.of(what + (isLate ? "no answer within " + timeout.toSeconds() + " s" : e.getMessage()));
        } finally {
            late.complete(false);
        }
    }

    private static void close(Socket socket, boolean late) {
        if (late) {
            try {
                socket.close();
            } catch (IOException e) {
                LOG.debug("a probe's socket", e);
            }
        }
    }

    /** What it printed is the reason, as far as one line goes. */
    private static Optional<String> execute(List<String> command, Duration timeout, Reach reach) {
        if (command.isEmpty()) {
            return Optional.of("exec has no command");
        }
        try (Execution execution = reach.execute(command);
                Said said = new Said(execution)) {
            execution.input().close();
            int code = said.awaitExit(timeout);
            return code == 0 ? Optional.empty() : Optional.of(command.getFirst() + " ended with " + code + said.line());
        } catch (TimeoutException e) {
            return Optional.of(command.getFirst() + " did not end within " + timeout.toSeconds() + " s");
        } catch (IOException | ExecutionException e) {
            return Optional.of(command.getFirst() + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private static String request(Action.HttpGet get, InetSocketAddress target) {
        StringBuilder request = new StringBuilder("GET ").append(get.path()).append(" HTTP/1.1\r\n");
        if (get.headers().keySet().stream().noneMatch("host"::equalsIgnoreCase)) {
            request.append("Host: ")
                    .append(target.getHostString())
                    .append(':')
                    .append(target.getPort())
                    .append("\r\n");
        }
        request.append("User-Agent: kube-probe/weft\r\nConnection: close\r\n");
        for (Map.Entry<String, String> header : get.headers().entrySet()) {
            request.append(header.getKey())
                    .append(": ")
                    .append(header.getValue())
                    .append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    private static String statusLine(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = input.read(); read >= 0 && read != '\r' && read != '\n'; read = input.read()) {
            line.append((char) read);
            if (line.length() == STATUS_LINE_BYTES_MAX) {
                break;
            }
        }
        return line.toString();
    }
}
