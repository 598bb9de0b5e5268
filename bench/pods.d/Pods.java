import dev.weft.apiserver.store.SqliteStore;
import dev.weft.runtime.names.ClusterNames;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.PodNamespace;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.process.Spawner;
import dev.weft.runtime.wire.NamespaceWire;
import dev.weft.runtime.wire.PodWire;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pod's network costs, from the shipped classes; prints Markdown. Arguments: folder, wires, starts, rounds, seconds.
 * The steered connections are accepted by the server itself, on the socket where the node's proxy would: no proxy is measured.
 */
class Pods {

    private static final int PORT = 8080;
    private static final int ANSWER_BYTES = 1024;
    private static final Pattern RATE = Pattern.compile("Requests/sec: +([0-9.]+)");
    private static final Pattern COUNT = Pattern.compile("([0-9]+) requests in");
    private static final Pattern FAILED = Pattern.compile("Socket errors: (.*)");

    private final Path folder;
    private final Spawner spawner;
    private final NamespaceWire wire;
    private int number;

    Pods(Path folder) throws IOException {
        this.folder = folder;
        SqliteStore store = new SqliteStore(folder, Clock.systemUTC());
        ClusterNames names = new ClusterNames(store, List::of);
        this.spawner = new Spawner(folder.resolve("processes"));
        this.wire = new NamespaceWire(
                spawner, Maker.start(), names, folder, 4143, RandomGenerator.getDefault());
    }

    public static void main(String[] arguments) throws Exception {
        Epoll.ensureAvailability(); // before the maker makes a channel
        Pods pods = new Pods(Path.of(arguments[0]));
        int wires = Integer.parseInt(arguments[1]);
        pods.creation(wires);
        pods.starts(Integer.parseInt(arguments[2]));
        pods.steering(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        System.exit(0); // threads of the parts that were not closed
    }

    private PodWire connect() throws IOException {
        return wire.connect("bench", "pod-" + number++, List.of());
    }

    private PodNamespace network() {
        return wire.network("bench/pod-" + (number - 1)).orElseThrow();
    }

    /** One after the other, all kept; the first hundred warm the JVM and are let go. */
    private void creation(int count) throws IOException, InterruptedException {
        List<PodWire> kept = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            kept.add(connect());
        }
        kept.forEach(PodWire::close);
        kept.clear();
        settle();
        long kernel = kernelKibibytes();
        long own = residentKibibytes();
        long[] nanos = new long[count];
        long began = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long before = System.nanoTime();
            kept.add(connect());
            nanos[i] = System.nanoTime() - before;
        }
        double all = (System.nanoTime() - began) / 1e9;
        settle();
        double kernelEach = (kernelKibibytes() - kernel) / (double) count;
        double ownEach = (residentKibibytes() - own) / (double) count;
        began = System.nanoTime();
        kept.forEach(PodWire::close);
        double closing = (System.nanoTime() - began) / 1e9;
        Arrays.sort(nanos);
        System.out.printf("""
                | wires | p50 ms | p99 ms | all s | kernel KiB each | process KiB each | closing all s |
                |---|---|---|---|---|---|---|
                | %d | %.2f | %.2f | %.2f | %.0f | %.0f | %.2f |

                A wire: namespaces, addresses, rules, mounts, its listener and its name server; no process in it. Kernel: growth of
                Slab, KernelStack, PageTables and Percpu in `/proc/meminfo` of the whole machine.

                """, count, millis(nanos, 50), millis(nanos, 99), all, kernelEach, ownEach, closing);
    }

    private static double millis(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }

    private static void settle() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(1_000); // the kernel ends namespaces when it has time
        }
    }

    private static long kernelKibibytes() throws IOException {
        return sum(Path.of("/proc/meminfo"), "Slab", "KernelStack", "PageTables", "Percpu");
    }

    private static long residentKibibytes() throws IOException {
        return sum(Path.of("/proc/self/status"), "VmRSS");
    }

    private static long sum(Path file, String... names) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> Arrays.stream(names).anyMatch(name -> line.startsWith(name + ":")))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    /** From the start of {@code true} to its end: as this JVM starts it, and in a pod. */
    private void starts(int count) throws IOException, InterruptedException {
        long[] plain = new long[count];
        long[] inside = new long[count];
        try (PodWire pod = connect()) {
            for (int i = -5; i < count; i++) {
                long before = System.nanoTime();
                new ProcessBuilder("true").start().waitFor();
                long middle = System.nanoTime();
                RunningProcess process = pod.start(List.of("true"), Map.of("PATH", "/usr/bin:/bin"), folder, () -> {});
                process.exit().join();
                long after = System.nanoTime();
                if (i >= 0) {
                    plain[i] = middle - before;
                    inside[i] = after - middle;
                }
            }
        }
        Arrays.sort(plain);
        Arrays.sort(inside);
        System.out.printf("""
                | start to end of `true` | p50 ms | p99 ms |
                |---|---|---|
                | a child process | %.1f | %.1f |
                | in a pod | %.1f | %.1f |
                | the chain's addition | %.1f | |

                """, millis(plain, 50), millis(plain, 99), millis(inside, 50), millis(inside, 99),
                millis(inside, 50) - millis(plain, 50));
    }

    /** A place where the same server is reached. */
    private record Way(String name, List<String> entrance, String url) {}

    /**
     * What one round gave.
     *
     * @param micros of processor time for one request: the server's thread and the whole load generator
     */
    private record Round(double rate, double micros) {}

    private void steering(int rounds, int seconds) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        long thread = group.submit(() -> Thread.currentThread().threadId()).get(); // the loop's thread is not the maker's child
        try (PodWire pod = connect()) {
            PodNamespace network = network();
            Channel inside = network.call(() -> new EpollServerSocketChannel());
            List<Channel> channels = List.of(
                    listen(group, new EpollServerSocketChannel(network.listener()), -1),
                    listen(group, inside, PORT),
                    listen(group, new EpollServerSocketChannel(), 0));
            int hostPort = ((InetSocketAddress) channels.get(2).localAddress()).getPort();
            List<String> entrance = network.entrance(folder);
            List<Way> ways = List.of(
                    new Way("pod, plain loopback", entrance, "http://127.0.0.1:" + PORT + "/"),
                    new Way("pod, steered (TPROXY), no proxy", entrance, "http://10.96.7.7/"),
                    new Way("host's loopback", List.of(), "http://127.0.0.1:" + hostPort + "/"));
            Map<Way, List<Round>> found = new LinkedHashMap<>();
            for (Way way : ways) {
                load(way, Math.max(2, seconds), thread); // the JVM compiles
                found.put(way, new ArrayList<>());
            }
            for (int round = 0; round < rounds; round++) {
                for (int i = 0; i < ways.size(); i++) { // another goes first in each
                    Way way = ways.get((i + round) % ways.size());
                    found.get(way).add(load(way, seconds, thread));
                }
            }
            report(found, ways.getFirst(), rounds, seconds);
            channels.forEach(Channel::close);
        }
        group.shutdownGracefully();
    }

    private static void report(Map<Way, List<Round>> found, Way base, int rounds, int seconds) {
        System.out.println("| 32 connections, 1 KiB answers | requests/s median | ratio | µs of CPU per request median | ratio | least µs |");
        System.out.println("|---|---|---|---|---|---|");
        double rate = median(found.get(base).stream().mapToDouble(Round::rate).toArray());
        double micros = median(found.get(base).stream().mapToDouble(Round::micros).toArray());
        found.forEach((way, all) -> {
            double ownRate = median(all.stream().mapToDouble(Round::rate).toArray());
            double own = median(all.stream().mapToDouble(Round::micros).toArray());
            double least = all.stream().mapToDouble(Round::micros).min().orElse(0);
            System.out.printf("| %s | %.0f | %.3f | %.2f | %.3f | %.2f |%n",
                    way.name(), ownRate, ownRate / rate, own, own / micros, least);
        });
        System.out.printf("%n%d rounds of %d s each, interleaved, another way first in each; one server thread and one thread of"
                + " wrk; CPU of both.%n", rounds, seconds);
    }

    private static double median(double[] all) {
        Arrays.sort(all);
        return all.length % 2 == 1 ? all[all.length / 2] : (all[all.length / 2 - 1] + all[all.length / 2]) / 2;
    }

    private Round load(Way way, int seconds, long thread) throws Exception {
        List<String> command = new ArrayList<>(way.entrance());
        command.addAll(List.of("wrk", "-t1", "-c32", "-d" + seconds + "s", way.url()));
        long children = childTicks();
        long server = ManagementFactory.getThreadMXBean().getThreadCpuTime(thread);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0 || FAILED.matcher(said).find()) {
            throw new IOException(way.name() + ": " + said);
        }
        double micros = (ManagementFactory.getThreadMXBean().getThreadCpuTime(thread) - server) / 1e3
                + (childTicks() - children) * 10_000.0;
        return new Round(number(RATE, said), micros / number(COUNT, said));
    }

    private static double number(Pattern pattern, String text) throws IOException {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IOException("wrk said: " + text);
        }
        return Double.parseDouble(found.group(1));
    }

    /** Hundredths of a second that ended children have used, theirs included: cutime and cstime of proc(5). */
    private static long childTicks() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
    }

    /** @param port -1 for a socket that listens already */
    private static Channel listen(EventLoopGroup group, Channel channel, int port) throws InterruptedException {
        byte[] head = ("HTTP/1.1 200 OK\r\nContent-Length: " + ANSWER_BYTES + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] answer = Arrays.copyOf(head, head.length + ANSWER_BYTES);
        ByteBuf bytes = Unpooled.unreleasableBuffer(Unpooled.directBuffer(answer.length).writeBytes(answer)).asReadOnly();
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channelFactory(() -> (io.netty.channel.ServerChannel) channel)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel accepted) {
                        accepted.config().setTcpNoDelay(true);
                        accepted.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object message) {
                                ((ByteBuf) message).release(); // wrk's requests come one at a time, each in one piece
                                context.writeAndFlush(bytes.duplicate(), context.voidPromise());
                            }

                            @Override
                            public void exceptionCaught(ChannelHandlerContext context, Throwable reset) {
                                context.close(); // wrk ends so
                            }
                        });
                    }
                });
        return (port < 0 ? bootstrap.register() : bootstrap.bind(new InetSocketAddress("127.0.0.1", port))).sync().channel();
    }
}
