package dev.weft.proxy.balance;

import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.TrafficPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Servers in virtual time behind one balancer, asked at random times at a steady rate. Servers are named by port. */
final class VirtualServers {

    static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    /** What came of one request. */
    record Reply(int port, long atNanos, long tookNanos, int status) {}

    private record Running(long end, long start, EndpointLoad load, int status) {}

    /** One server: so many workers, each busy for so long with a request. */
    private static final class Server {
        private final PriorityQueue<Long> busyUntil = new PriorityQueue<>();
        private final int workers;
        private final long serviceNanos;
        private final double failing;

        Server(int workers, long serviceNanos, double failing) {
            this.workers = workers;
            this.serviceNanos = serviceNanos;
            this.failing = failing;
        }

        long end(long now) {
            while (!busyUntil.isEmpty() && busyUntil.peek() <= now) {
                busyUntil.remove();
            }
            long start = busyUntil.size() < workers ? now : busyUntil.remove();
            busyUntil.add(start + serviceNanos);
            return start + serviceNanos;
        }
    }

    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<Integer, Server> servers = new HashMap<>();
    private final PriorityQueue<Running> running = new PriorityQueue<>(Comparator.comparingLong(Running::end));
    private final List<Reply> replies = new ArrayList<>();
    private final Balancer balancer = new Balancer(group(TrafficPolicy.DEFAULT), random, 0, new HashTables());
    private @Nullable CircuitBreaker breaker;
    private Balancing balancing = Balancing.PEAK_EWMA;
    private String zone = "";
    private double now;

    static Endpoint endpoint(int port) {
        return new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }

    static EndpointGroup group(TrafficPolicy policy, int... ports) {
        return new EndpointGroup(
                ServicePort.parse("default/quote:80"),
                Arrays.stream(ports).mapToObj(VirtualServers::endpoint).toList(),
                false,
                0,
                policy,
                List.of());
    }

    VirtualServers server(int port, int workers, long serviceNanos) {
        return server(port, workers, serviceNanos, 0);
    }

    /** @param failing the share of its answers that are a 500 */
    VirtualServers server(int port, int workers, long serviceNanos, double failing) {
        servers.put(port, new Server(workers, serviceNanos, failing));
        return this;
    }

    VirtualServers by(Balancing chosen) {
        balancing = chosen;
        return this;
    }

    VirtualServers from(String callersZone) {
        zone = callersZone;
        return this;
    }

    VirtualServers show(EndpointGroup group) {
        if (group.policy().circuitBreaking().on()) {
            breaker = breaker == null ? new CircuitBreaker(1) : breaker;
            breaker.update(group, (long) now);
        }
        balancer.update(group, breaker, (long) now);
        return this;
    }

    Optional<CircuitBreaker> breaker() {
        return Optional.ofNullable(breaker);
    }

    /** Asks so often, at random times; gives what came back until all was answered or failed. */
    List<Reply> ask(double perSecond, int requests) {
        int from = replies.size();
        for (int i = 0; i < requests; i++) {
            now += -Math.log(1 - random.nextDouble()) / perSecond * SECOND;
            finish((long) now);
            long at = (long) now;
            EndpointLoad load = balancer.pick(new Balancer.Ask(balancing, random.nextLong(), zone, List.of()), at)
                    .orElseThrow();
            load.begin();
            Server server = Objects.requireNonNull(servers.get(load.endpoint().port()));
            int status = random.nextDouble() < server.failing ? 500 : 200;
            running.add(new Running(server.end(at), at, load, status));
        }
        return replies.subList(from, replies.size());
    }

    private void finish(long until) {
        while (!running.isEmpty() && running.peek().end <= until) {
            Running done = running.remove();
            done.load.answered(done.end, done.end - done.start, done.status);
            done.load.end();
            replies.add(new Reply(done.load.endpoint().port(), done.end, done.end - done.start, done.status));
        }
    }

    /** The share of the replies that came from the server, 0 to 1. */
    static double share(List<Reply> replies, int port) {
        return replies.stream().filter(reply -> reply.port() == port).count() / (double) replies.size();
    }

    /** Nanoseconds. */
    static long p99(List<Reply> replies) {
        long[] sorted = replies.stream().mapToLong(Reply::tookNanos).sorted().toArray();
        return sorted[sorted.length * 99 / 100];
    }
}
