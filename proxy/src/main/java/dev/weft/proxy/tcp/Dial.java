package dev.weft.proxy.tcp;

import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.balance.Balancer;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets a stream its connection to an endpoint, trying others when one cannot be reached. Owner: the stream's loop. Ends by
 * {@code failed}, or by {@link #end} of whoever took the line.
 */
final class Dial {

    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int ATTEMPTS_MAX = 3;

    private final Worker worker;
    private final Entrance entrance;
    private final Way way;
    private final Owner owner;
    private final long key;
    private final List<Attempt> attempts = new ArrayList<>(1);
    private final List<Endpoint> tried = new ArrayList<>(1);
    private @Nullable Line line;
    private boolean stands;

    /** Hears how it goes. */
    interface Owner {

        /** Bytes can flow. */
        void stands();

        /** The server said something while nobody had taken the line; whoever takes it now gets these bytes. */
        void spoke(Received bytes, int from, int to);

        /** The endpoint closed while nobody had taken the line. */
        void lost(Closure closure);

        /** There is no endpoint that can be reached. */
        void failed(ErrorCode error, String detail);
    }

    /** @param key of the client, where the balancing hashes: a stream shows nothing but its source address */
    Dial(Worker worker, Entrance entrance, Way way, long key, Owner owner) {
        this.key = key;
        this.worker = worker;
        this.entrance = entrance;
        this.way = way;
        this.owner = owner;
    }

    void start() {
        switch (way) {
            case Way.Balanced balanced -> balance(balanced.servicePort());
            case Way.Direct direct -> dial(direct.servicePort(), direct.endpoint(), Optional.empty());
            case Way.Closed closed -> owner.failed(closed.error(), closed.reason());
        }
    }

    private void balance(ServicePort servicePort) {
        EndpointGroup group = worker.view().snapshot().groups().get(servicePort);
        long now = System.nanoTime();
        Optional<EndpointLoad> load = Optional.empty();
        if (group != null) {
            Balancer.Ask ask = new Balancer.Ask(
                    group.policy().balancing(), key, worker.view().zone(group, entrance.reporter()), tried);
            load = worker.balancers().of(group, now).pick(ask, now);
        }
        if (load.isEmpty()) {
            boolean sleeps = group != null && group.activatable();
            owner.failed(
                    ErrorCode.NO_ENDPOINT,
                    "Service " + servicePort + " has no ready endpoint"
                            + (sleeps ? ", and only requests wake it." : "."));
        } else {
            dial(servicePort, load.get().endpoint(), load);
        }
    }

    private void dial(ServicePort servicePort, Endpoint endpoint, Optional<EndpointLoad> load) {
        Line next = new Line(this, servicePort, endpoint, load, System.nanoTime() + CONNECT_NANOS);
        line = next;
        next.start(entrance.identity());
    }

    Worker worker() {
        return worker;
    }

    void stands(Line from) {
        stands = true;
        owner.stands();
    }

    void spoke(Received bytes, int from, int to) {
        owner.spoke(bytes, from, to);
    }

    void lost(Closure closure) {
        attempts.add(line().attempt(Optional.empty()));
        owner.lost(closure);
    }

    void failed(Line from, ErrorCode error, String detail, boolean elsewhere) {
        attempts.add(from.attempt(Optional.of(error)));
        tried.add(from.endpoint());
        if (elsewhere && way instanceof Way.Balanced balanced && attempts.size() < ATTEMPTS_MAX && hasOther(balanced)) {
            balance(balanced.servicePort());
        } else {
            owner.failed(error, detail);
        }
    }

    private boolean hasOther(Way.Balanced balanced) {
        EndpointGroup group = worker.view().snapshot().groups().get(balanced.servicePort());
        return group != null && !tried.containsAll(group.endpoints());
    }

    /** Whether a line stands. */
    boolean isStanding() {
        return stands;
    }

    Line line() {
        Line there = line;
        if (there == null) {
            throw new IllegalStateException("not dialled");
        }
        return there;
    }

    /** All is over; the line's connection is closed unless it was taken. */
    void end() {
        Line there = line;
        if (there != null && !there.isOver()) {
            attempts.add(there.attempt(Optional.empty()));
            there.leave(false);
        }
    }

    List<Attempt> attempts() {
        return List.copyOf(attempts);
    }
}
