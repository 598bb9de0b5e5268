package dev.weft.proxy.simulation;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.Balancing;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.proxy.balance.Balancer;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.balance.Gate;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.limit.Permit;
import dev.weft.proxy.limit.RequestLimits;
import dev.weft.proxy.limit.Ticket;
import dev.weft.proxy.retry.BackOff;
import dev.weft.proxy.retry.FailedTry;
import dev.weft.proxy.retry.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request's way, in the order of the exchange engine: limits, gate or balancer, try, verdict, budget, again. */
final class Request {

    private static final RetryPolicy POLICY = RetryPolicy.DEFAULT.onStatuses(502, 504);

    private final World world;
    private final World.Loop loop;
    private final String method;
    private final long key;
    private final List<Endpoint> tried = new ArrayList<>();
    private @Nullable Permit permit;
    private @Nullable RequestLimits waitsAt;
    private @Nullable Ticket<Permit> limitTicket;
    private @Nullable Ticket<Optional<Slot>> gateTicket;
    private @Nullable Attempt current;
    private boolean asked;
    private boolean over;

    Request(World world, World.Loop loop) {
        this.world = world;
        this.loop = loop;
        this.method = world.random.nextInt(4) == 0 ? "POST" : "GET";
        this.key = world.random.nextInt(20);
    }

    void begin() {
        world.budget.deposit(loop.number, world.clock.now());
        long patience = world.random.nextLong(100, 1_000) * World.MILLISECOND;
        boolean leaves = world.random.nextInt(20) == 0;
        world.clock.in(
                leaves ? world.random.nextLong(patience) : patience, () -> abort(leaves ? "client-closed" : "timeout"));
        choose();
    }

    private void choose() {
        EndpointGroup group = loop.group();
        if (group == null || (group.endpoints().isEmpty() && !group.activatable())) {
            end("no-endpoint");
        } else if (!admitted(group)) {
            return;
        } else if (Gates.needed(group)) {
            enter(group);
        } else {
            balance(group);
        }
    }

    private boolean admitted(EndpointGroup group) {
        RequestLimits limits = asked ? null : world.limits.of(group);
        asked = true;
        if (limits == null) {
            return true;
        }
        switch (limits.enter(false, granted -> loop.execute(() -> granted(granted)))) {
            case RequestLimits.Entry.Granted(Permit now) -> permit = now;
            case RequestLimits.Entry.Waiting(Ticket<Permit> ticket) -> {
                limitTicket = ticket;
                waitsAt = limits;
                return false;
            }
            case RequestLimits.Entry.Refused(ErrorCode error, String _) -> {
                end(error.code());
                return false;
            }
        }
        return true;
    }

    private void granted(Permit granted) {
        if (over) {
            granted.release();
            return;
        }
        limitTicket = null;
        permit = granted;
        choose();
    }

    private void enter(EndpointGroup group) {
        Gate gate = world.gates.gate(group);
        Optional<Slot> slot = tried.isEmpty() ? gate.tryEnter() : gate.tryEnterOtherThan(tried);
        if (slot.isPresent()) {
            attempt(group, slot.get());
            return;
        }
        Optional<Ticket<Optional<Slot>>> ticket = gate.join(called -> loop.execute(() -> called(called)));
        if (ticket.isEmpty()) {
            end("queue-full");
            return;
        }
        gateTicket = ticket.get();
        if (group.endpoints().isEmpty()) {
            world.wake();
        }
    }

    private void attempt(EndpointGroup group, Slot slot) {
        attempt(slot.endpoint(), loop.balancers.of(group, world.clock.now()).load(slot.endpoint()), slot);
    }

    private void called(Optional<Slot> granted) {
        if (over) {
            granted.ifPresent(Slot::release);
            return;
        }
        gateTicket = null;
        if (granted.isEmpty()) {
            end("circuit-open");
            return;
        }
        EndpointGroup group = loop.group();
        if (group == null || !group.endpoints().contains(granted.get().endpoint())) {
            granted.get().release();
            choose();
            return;
        }
        attempt(group, granted.get());
    }

    private void balance(EndpointGroup group) {
        long now = world.clock.now();
        Balancer balancer = loop.balancers.of(group, now);
        Balancing balancing = group.policy().balancing();
        Optional<EndpointLoad> load =
                balancer.pick(new Balancer.Ask(balancing, key, key % 2 == 0 ? "a" : "b", tried), now);
        if (load.isEmpty()) {
            end(balancer.allOut() ? "circuit-open" : "no-endpoint");
        } else {
            attempt(load.get().endpoint(), load.get(), null);
        }
    }

    private void attempt(Endpoint endpoint, @Nullable EndpointLoad load, @Nullable Slot slot) {
        Server server = world.server(loop, endpoint);
        if (load != null) {
            load.begin();
        }
        current = new Attempt(server, load, slot, world.clock.now());
        server.call(current);
    }

    /** One try. */
    private final class Attempt implements Server.Caller {
        private final Server server;
        private final @Nullable EndpointLoad load;
        private final @Nullable Slot slot;
        private final long start;

        Attempt(Server server, @Nullable EndpointLoad load, @Nullable Slot slot, long start) {
            this.server = server;
            this.load = load;
            this.slot = slot;
            this.start = start;
        }

        @Override
        public void answered(int status) {
            long now = world.clock.now();
            if (load != null) {
                load.answered(now, now - start, status);
            }
            sample(now);
            leave();
            if (status < 502 || !again(new Failure.Answered(status))) {
                end("answered");
            }
        }

        @Override
        public void failed(ErrorCode error, boolean sent) {
            fail();
            leave();
            if (!again(Failure.of(error, sent, false))) {
                end(error.code());
            }
        }

        void fail() {
            long now = world.clock.now();
            if (load != null) {
                load.failed(now, now - start);
            }
            sample(now);
        }

        private void sample(long now) {
            if (permit != null) {
                permit.took(loop.number, now - start, now);
            }
        }

        void leave() {
            if (load != null) {
                load.end();
            }
            if (slot != null) {
                slot.release();
            }
            tried.add(server.endpoint());
            current = null;
        }
    }

    private boolean again(Failure failure) {
        long now = world.clock.now();
        boolean may = new FailedTry(method, tried.size(), true, failure).verdict(POLICY) == FailedTry.Verdict.REPEAT
                && (permit == null || permit.mayRetry())
                && world.budget.withdraw(now);
        if (may) {
            world.retried();
            world.clock.in(BackOff.nanos(tried.size(), failure, world.random), () -> {
                if (!over) {
                    choose();
                }
            });
        }
        return may;
    }

    /** The client left, or its time is over. */
    private void abort(String why) {
        if (over) {
            return;
        }
        if (gateTicket != null) {
            gateTicket.cancel();
        }
        if (limitTicket != null && limitTicket.cancel() && waitsAt != null) {
            waitsAt.gaveUp();
        }
        Attempt running = current;
        if (running != null) {
            running.server.hangUp(running);
            if (why.equals("timeout")) {
                running.fail();
            } else if (running.load != null) {
                running.load.abandoned(world.clock.now(), world.clock.now() - running.start);
            }
            running.leave();
        }
        end(why);
    }

    private void end(String result) {
        if (over) {
            throw new AssertionError("a request ended twice, now " + result);
        }
        over = true;
        if (permit != null) {
            permit.release();
        }
        world.ended(result);
    }
}
