import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Sends requests at fixed moments over as many connections as that takes, and prints requests, failures, p50, p99 and
 * p99.9 in microseconds, counted from the moment that each was due. The first two
 * seconds warm up: they count as requests, not for the percentiles.
 *
 * <p>Arguments: port, requests per second, seconds, path. With a fifth, "cold", nothing is left out, "begin" is printed at
 * the first request, and for each second p50 and p99 of the requests that were due in it.
 */
final class OpenLoop {

    private static final byte[] GOOD = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);
    private static final int WARM_SECONDS = 2;

    private final Selector selector;
    private final InetSocketAddress address;
    private final ArrayDeque<Connection> idle = new ArrayDeque<>();
    private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
    private final byte[] request;
    private final int warmSeconds;
    private final long[] micros;
    private final int[] second;
    private long start;
    private int answered;
    private int failed;
    private int underWay;
    private int all;

    private static final class Connection {
        final SocketChannel channel;
        final byte[] head = new byte[4096];
        int filled;
        int missing;
        long due;
        boolean counts;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private OpenLoop(int port, String path, int warmSeconds, int most) throws IOException {
        selector = Selector.open();
        address = new InetSocketAddress("127.0.0.1", port);
        request = ("GET " + path + " HTTP/1.1\r\nHost: bench.test\r\nAccept: */*\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        this.warmSeconds = warmSeconds;
        micros = new long[most];
        second = new int[most];
    }

    public static void main(String[] args) throws IOException {
        int rate = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        boolean cold = args.length > 4;
        OpenLoop loop = new OpenLoop(Integer.parseInt(args[0]), args[3], cold ? 0 : WARM_SECONDS, rate * seconds);
        if (cold) {
            System.out.println("begin");
        }
        loop.run(rate, seconds);
        if (cold) {
            loop.printSeconds(seconds);
        }
        loop.printAll();
    }

    private void run(int rate, int seconds) throws IOException {
        start = System.nanoTime();
        long step = 1_000_000_000L / rate;
        long total = (long) rate * (seconds + warmSeconds);
        long sent = 0;
        long patience = start + (seconds + warmSeconds + 10) * 1_000_000_000L;
        while ((sent < total || underWay > 0) && System.nanoTime() < patience) {
            while (sent < total && start + sent * step <= System.nanoTime()) {
                send(start + sent * step, sent >= (long) rate * warmSeconds);
                sent++;
            }
            selector.selectNow();
            for (SelectionKey key : selector.selectedKeys()) {
                receive((Connection) key.attachment());
            }
            selector.selectedKeys().clear();
        }
    }

    private void printSeconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            long[] of = new long[answered];
            int count = 0;
            for (int at = 0; at < answered; at++) {
                if (second[at] == i) {
                    of[count++] = micros[at];
                }
            }
            Arrays.sort(of, 0, count);
            System.out.println(count == 0 ? "0 0" : of[count / 2] + " " + of[(int) (count * .99)]);
        }
    }

    private void printAll() {
        Arrays.sort(micros, 0, answered);
        System.out.println(all + " " + (failed + underWay) + " " + at(.5) + " " + at(.99) + " " + at(.999));
    }

    private long at(double share) {
        return answered == 0 ? 0 : micros[Math.min(answered - 1, (int) (answered * share))];
    }

    private void send(long due, boolean counts) throws IOException {
        Connection connection = idle.pollLast();
        if (connection == null) {
            SocketChannel channel = SocketChannel.open(address);
            channel.socket().setTcpNoDelay(true);
            channel.configureBlocking(false);
            connection = new Connection(channel);
            channel.register(selector, SelectionKey.OP_READ, connection);
        }
        connection.due = due;
        connection.counts = counts;
        connection.filled = 0;
        connection.missing = -1;
        connection.channel.write(ByteBuffer.wrap(request));
        underWay++;
    }

    private void receive(Connection connection) throws IOException {
        in.clear();
        int length = read(connection);
        if (length < 0) {
            connection.channel.close();
            if (!idle.remove(connection)) { // one that nobody used for long may go
                failed++;
                underWay--;
            }
            return;
        }
        in.flip();
        if (connection.missing < 0) {
            int taken = Math.min(in.remaining(), connection.head.length - connection.filled);
            in.get(connection.head, connection.filled, taken);
            connection.filled += taken;
            String head = new String(connection.head, 0, connection.filled, StandardCharsets.ISO_8859_1);
            int end = head.indexOf("\r\n\r\n");
            if (end < 0) {
                return;
            }
            connection.missing = length(head.toLowerCase(java.util.Locale.ROOT)) - (connection.filled - end - 4);
        }
        connection.missing -= in.remaining();
        if (connection.missing <= 0) {
            answered(connection);
        }
    }

    private int read(Connection connection) {
        try {
            return connection.channel.read(in);
        } catch (IOException reset) {
            return -1;
        }
    }

    private static int length(String head) {
        int at = head.indexOf("content-length:") + "content-length:".length();
        return Integer.parseInt(head.substring(at, head.indexOf('\r', at)).strip());
    }

    private void answered(Connection connection) {
        underWay--;
        all++;
        if (!Arrays.equals(connection.head, 0, GOOD.length, GOOD, 0, GOOD.length)) {
            failed++;
        } else if (connection.counts) {
            second[answered] = (int) ((connection.due - start) / 1_000_000_000L);
            micros[answered++] = (System.nanoTime() - connection.due) / 1000;
        }
        idle.addLast(connection);
    }
}
