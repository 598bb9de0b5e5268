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
import dev.weft.proxy.balance.Gate;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.exchange.Entrance;
import dev.weft.proxy.exchange.Worker;
import dev.weft.proxy.limit.Admission;
import dev.weft.proxy.limit.RequestLimits;
import dev.weft.proxy.message.Choices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gets a stream its connection to an endpoint: waits where the service sleeps or has as many as it may, and tries others when
 * one cannot be reached. Owner: the stream's loop. Ends by {@code failed}, or by {@link #end} of whoever took the line.
 */
final class Dial implements Waiting.Owner, Admission.Owner {

    /** For a program beside its proxy. */
    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);

    private static final int ATTEMPTS_MAX = 3;

    private final Worker worker;
    private final Entrance entrance;
    private final Way way;
    private final Owner owner;
    private final long key;
    private final List<Attempt> attempts = new ArrayList<>(1);
    private final List<Endpoint> tried = new ArrayList<>(1);
    private final Choices choices = new Choices();
    private final Admission admission = new Admission(this, true);
    private @Nullable Line line;
    private @Nullable Waiting waiting;
    private long waitedNanos;
    private long connectNanos = CONNECT_NANOS;
    private boolean stands;

    /** Hears how it goes. */
    interface Owner {

        Introduction introduction();

        /** Bytes can flow. */
        void stands();

        /** The server said something while nobody had taken the line; whoever takes it now gets these bytes. */
        void spoke(Received bytes, int from, int to);

        /** The server has said all, without a word, while nobody had taken the line. */
        void serverEnded();

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
            case Way.Balanced balanced -> {
                connectNanos = balanced.connect().toNanos();
                admit(balanced);
            }
            case Way.Direct direct -> dial(direct.servicePort(), direct.endpoint(), Optional.empty(), Optional.empty());
            case Way.Address address -> dial(address.named(), address.endpoint(), Optional.empty(), Optional.empty());
            case Way.Closed closed -> owner.failed(closed.error(), closed.reason());
        }
    }

    /** A stream holds a connection for as long as it lasts. */
    private void admit(Way.Balanced balanced) {
        EndpointGroup group = worker.view().snapshot().groups().get(balanced.servicePort());
        RequestLimits ofService = group == null ? null : worker.limits().of(group);
        if (admission.passes(worker.limits().of(balanced.rule()), ofService)) {
            balance(balanced.servicePort());
        }
    }

    @Override
    public boolean execute(Runnable task) {
        return worker.loop().execute(task);
    }

    @Override
    public void admitted() {
        if (way instanceof Way.Balanced balanced) {
            admit(balanced);
        }
    }

    private void balance(ServicePort servicePort) {
        EndpointGroup group = worker.view().snapshot().groups().get(servicePort);
        if (group == null) {
            owner.failed(ErrorCode.NO_ENDPOINT, "Service " + servicePort + " has no ready endpoint.");
        } else if (Gates.needed(group)) {
            enter(group);
        } else {
            pick(group, System.nanoTime());
        }
    }

    private void pick(EndpointGroup group, long now) {
        Balancer.Ask ask = new Balancer.Ask(
                group.policy().balancing(), key, worker.view().zone(group, entrance.reporter()), tried);
        Balancer balancer = worker.balancers().of(group, now);
        Optional<EndpointLoad> load = balancer.pick(ask, now);
        if (load.isPresent()) {
            choices.note(load.get(), balancer.comparedWith());
            dial(group.servicePort(), load.get().endpoint(), load, Optional.empty());
        } else if (balancer.allOut()) {
            owner.failed(ErrorCode.CIRCUIT_OPEN, String.join("; ", balancer.outNow(now)));
        } else {
            owner.failed(ErrorCode.NO_ENDPOINT, "Service " + group.servicePort() + " has no ready endpoint.");
        }
    }

    /** The service sleeps, or its endpoints take only so many at once. */
    private void enter(EndpointGroup group) {
        Gate gate = worker.gates().gate(group);
        Optional<Slot> slot = tried.isEmpty() ? gate.tryEnter() : gate.tryEnterOtherThan(tried);
        if (slot.isPresent()) {
            dial(group, slot.get());
            return;
        }
        Waiting place = new Waiting(worker, group, this);
        waiting = place;
        place.start(gate);
    }

    @Override
    public void granted(Slot slot) {
        stopWaiting();
        EndpointGroup group = way instanceof Way.Balanced balanced
                ? worker.view().snapshot().groups().get(balanced.servicePort())
                : null;
        if (group == null) {
            slot.release();
            owner.failed(ErrorCode.NO_ENDPOINT, "Its service has gone.");
        } else {
            dial(group, slot);
        }
    }

    private void dial(EndpointGroup group, Slot slot) {
        EndpointLoad load = worker.balancers().of(group, System.nanoTime()).load(slot.endpoint());
        dial(group.servicePort(), slot.endpoint(), Optional.ofNullable(load), Optional.of(slot));
    }

    @Override
    public void refused(ErrorCode error, String detail) {
        stopWaiting();
        owner.failed(error, detail);
    }

    private void stopWaiting() {
        Waiting place = waiting;
        waiting = null;
        if (place != null) {
            waitedNanos += place.nanos(System.nanoTime());
        }
    }

    private void dial(ServicePort servicePort, Endpoint endpoint, Optional<EndpointLoad> load, Optional<Slot> slot) {
        Line next = new Line(this, servicePort, endpoint, load, slot, System.nanoTime() + connectNanos);
        line = next;
        next.start(entrance.identity());
    }

    Worker worker() {
        return worker;
    }

    Entrance entrance() {
        return entrance;
    }

    void stands(Line from) {
        stands = true;
        owner.stands();
    }

    /** Which stream it is, for the other proxy. */
    Introduction introduction() {
        return owner.introduction();
    }

    void spoke(Received bytes, int from, int to) {
        owner.spoke(bytes, from, to);
    }

    void serverEnded() {
        owner.serverEnded();
    }

    void lost(Closure closure) {
        stands = false;
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
        admission.end();
        Waiting place = waiting;
        if (place != null) {
            place.cancel();
            stopWaiting();
        }
        Line there = line;
        if (there != null && !there.isOver()) {
            attempts.add(there.attempt(Optional.empty()));
            there.leave(false);
        }
    }

    List<Attempt> attempts() {
        return attempts;
    }

    long waitedNanos() {
        return waitedNanos + admission.waitedNanos();
    }

    /** What the chosen endpoints were preferred to. */
    Choices choices() {
        return choices;
    }
}
