package dev.weft.proxy.exchange;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.Decision;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Balancing;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.RetryPolicy;
import dev.weft.model.traffic.RetryPolicy.Budget;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.balance.Balancer;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.balance.Gate;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.limit.Ticket;
import dev.weft.proxy.retry.FailedTry;
import dev.weft.proxy.retry.Failure;
import dev.weft.proxy.retry.RetryBudget;
import dev.weft.proxy.route.HeadEdits;
import dev.weft.proxy.route.Routing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a request's way: find an endpoint (waiting for one where its service sleeps or is full), try it, and
 * try again where the retry rule allows. Part of one {@link Exchange}.
 */
final class Sending {

    private static final long CONNECT_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final Duration PATIENCE_MAX = Duration.ofMinutes(5);

    private final Exchange exchange;
    private Optional<Routing.Forward> routed = Optional.empty();
    private Entrance.@Nullable Inbound inbound;
    private Duration timeout = Duration.ZERO;
    private long deadline;
    private final List<Attempt> attempts = new ArrayList<>(2);
    private final List<Endpoint> tried = new ArrayList<>(2);
    private @Nullable Try current;
    private @Nullable Ticket<Slot> ticket;
    private final Admission admission;
    private @Nullable RequestKey key;
    private Optional<EndpointLoad> comparedWith = Optional.empty();
    private long waitStart;
    private long waitedNanos;

    Sending(Exchange exchange) {
        this.exchange = exchange;
        this.admission = new Admission(exchange);
    }

    void begin() {
        routed = Optional.empty();
        inbound = null;
        timeout = Duration.ZERO;
        deadline = 0;
        attempts.clear();
        tried.clear();
        current = null;
        ticket = null;
        waitStart = 0;
        waitedNanos = 0;
        admission.begin();
        key = null;
        comparedWith = Optional.empty();
    }

    boolean route(Routing.Forward forward) {
        routed = Optional.of(forward);
        timeout = forward.timeouts().request();
        if (!forward.edits().isEmpty()) {
            Edits.apply(forward.edits(), exchange);
        }
        return true;
    }

    boolean toApplication(Entrance.Inbound to) {
        inbound = to;
        return true;
    }

    void send() {
        if (!timeout.isZero()) {
            deadline = exchange.record().startNanos() + timeout.toNanos();
            exchange.client().deadline(deadline);
        }
        if (exchange.head().target().authority().isEmpty()) {
            exchange.toServer().host("unknown.invalid"); // HTTP/1.0 without Host; HTTP/1.1 demands one
        }
        if (routed.isPresent()) {
            exchange.record().routed(routed.get().servicePort());
            budget().deposit(exchange.worker().number(), exchange.record().startNanos());
        }
        choose();
    }

    private void choose() {
        long now = System.nanoTime();
        Entrance.Inbound to = inbound;
        if (to != null) {
            attempt(to.servicePort(), to.application(), null, null, now);
            return;
        }
        ServicePort servicePort = forward().servicePort();
        EndpointGroup group = exchange.worker().view().snapshot().groups().get(servicePort);
        if (group == null || (group.endpoints().isEmpty() && !group.activatable())) {
            exchange.refuse(ErrorCode.NO_ENDPOINT, "Service " + servicePort + " has no ready endpoint.");
        } else if (!admission.passes(forward().route().rule(), group)) {
            return; // it waits for others to end, or was refused
        } else if (Gates.needed(group)) {
            enter(group, now);
        } else {
            balance(group, now);
        }
    }

    private void balance(EndpointGroup group, long now) {
        Balancer balancer = exchange.worker().balancers().of(group, now);
        Balancing balancing = forward()
                .route()
                .rule()
                .traffic()
                .balancing()
                .orElse(group.policy().balancing());
        if (key == null) {
            key = RequestKey.of(balancing, exchange);
        }
        String zone = exchange.worker().view().zone(group, exchange.entrance().reporter());
        Optional<EndpointLoad> load = balancer.pick(new Balancer.Ask(balancing, key.hash(), zone, tried), now);
        comparedWith = balancer.comparedWith();
        if (load.isEmpty() && balancer.allOut()) {
            exchange.refuse(ErrorCode.CIRCUIT_OPEN, String.join("; ", balancer.outNow(now)));
        } else if (load.isEmpty()) {
            exchange.refuse(ErrorCode.NO_ENDPOINT, "Service " + group.servicePort() + " has no ready endpoint.");
        } else {
            attempt(group.servicePort(), load.get().endpoint(), load.get(), null, now);
        }
    }

    /** The endpoints take only so many at once, or there is none yet: waits in line. */
    private void enter(EndpointGroup group, long now) {
        Gate gate = exchange.worker().gates().gate(group);
        Optional<Slot> slot = tried.isEmpty() ? gate.tryEnter() : gate.tryEnterOtherThan(tried);
        if (slot.isPresent()) {
            attempt(group.servicePort(), slot.get().endpoint(), null, slot.get(), now);
            return;
        }
        waitStart = now;
        int epoch = exchange.epoch();
        Optional<Ticket<Slot>> place = gate.join(granted -> {
            if (!exchange.worker().loop().execute(() -> granted(epoch, group.servicePort(), granted))) {
                granted.release();
            }
        });
        if (place.isEmpty()) {
            waitStart = 0;
            exchange.refuse(ErrorCode.QUEUE_FULL, "Too many requests wait for " + group.servicePort() + ".");
            return;
        }
        ticket = place.get();
        if (group.endpoints().isEmpty()) {
            wake(group, epoch, now);
        }
    }

    private void wake(EndpointGroup group, int epoch, long now) {
        Duration patience = deadline == 0 ? PATIENCE_MAX : Duration.ofNanos(Math.max(1, deadline - now));
        var _ = exchange.worker()
                .capacity()
                .awaitEndpoint(group.servicePort().service(), patience)
                .whenComplete((_, failure) -> {
                    if (failure != null) {
                        exchange.worker().loop().execute(() -> notWoken(epoch, failure));
                    }
                });
    }

    private void granted(int epoch, ServicePort servicePort, Slot slot) {
        if (epoch != exchange.epoch()) {
            slot.release();
            return;
        }
        long now = System.nanoTime();
        ticket = null;
        stopWaiting(now);
        attempt(servicePort, slot.endpoint(), null, slot, now);
    }

    private void notWoken(int epoch, Throwable failure) {
        Ticket<Slot> place = ticket;
        if (epoch != exchange.epoch() || place == null || !place.cancel()) {
            return; // it went on, or is about to
        }
        ticket = null;
        stopWaiting(System.nanoTime());
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        boolean late = cause instanceof TimeoutException;
        exchange.refuse(
                late ? ErrorCode.CAPACITY_TIMEOUT : ErrorCode.CAPACITY_FAILED, String.valueOf(cause.getMessage()));
    }

    private void stopWaiting(long now) {
        if (waitStart != 0) {
            waitedNanos += now - waitStart;
            waitStart = 0;
        }
    }

    private void attempt(
            ServicePort servicePort, Endpoint endpoint, @Nullable EndpointLoad load, @Nullable Slot slot, long now) {
        Try started = new Try(
                exchange,
                servicePort,
                endpoint,
                exchange.entrance().destination(exchange.worker(), endpoint),
                load,
                slot,
                now);
        current = started;
        exchange.answering().begin();
        long connectDeadline = now + CONNECT_NANOS;
        started.start(deadline != 0 && deadline - connectDeadline < 0 ? deadline : connectDeadline);
    }

    /**
     * The try failed before anything of its answer went to the client: again, or an error.
     *
     * @param sent whether the endpoint may have acted on the request
     * @param heard whether a part of an answer arrived
     */
    void failed(Try failed, ErrorCode error, String detail, boolean sent, boolean heard) {
        FailedTry.Verdict verdict = leave(failed, error, Failure.of(error, sent, heard));
        if (verdict == FailedTry.Verdict.REPEAT) {
            choose();
        } else {
            exchange.refuse(error, detail);
        }
    }

    /** Asks whether a try may be repeated; if so, it is over and only {@link #again} may follow. */
    FailedTry.Verdict leave(Try failed, ErrorCode error, Failure failure) {
        FailedTry.Verdict verdict = new FailedTry(
                        exchange.head().method(),
                        attempts.size() + 1,
                        exchange.body().isKept(),
                        failure)
                .verdict(policy(failed));
        if (verdict == FailedTry.Verdict.REPEAT && routed.isPresent() && !budget().withdraw(System.nanoTime())) {
            verdict = FailedTry.Verdict.BUDGET_EMPTY;
        }
        if (verdict == FailedTry.Verdict.REPEAT && !admission.mayRetry()) {
            verdict = FailedTry.Verdict.LIMIT_REACHED;
        }
        exchange.record().retryDecided(verdict.reason());
        if (verdict == FailedTry.Verdict.REPEAT || failure instanceof Failure.Unanswered) {
            over(failed, Optional.of(error));
            failed.abort();
        }
        return verdict;
    }

    /** Whether the rule repeats answers of this status at all. */
    boolean repeatsAnswer(int status) {
        return routed.isPresent()
                && !forward().retry().statuses().isEmpty()
                && forward().retry().statuses().contains(status);
    }

    void again() {
        choose();
    }

    /** Inbound there is one endpoint: only a connection that the program had closed meanwhile is worth another try. */
    private RetryPolicy policy(Try failed) {
        if (inbound != null) {
            return failed.reused()
                    ? new RetryPolicy(attempts.size() + 2, RetryPolicy.SAFE, Set.of(), Set.of(), Budget.DEFAULT)
                    : RetryPolicy.NONE;
        }
        return forward().retry();
    }

    /** The answer is whole. */
    void complete(Try whole, boolean reusable) {
        over(whole, Optional.empty());
        whole.complete(reusable);
    }

    private void over(Try done, Optional<ErrorCode> error) {
        attempts.add(done.attempt(error, System.nanoTime()));
        tried.add(done.endpoint());
        exchange.record().server(done.peer());
        exchange.body().disconnect();
        current = null;
    }

    /** Stops whatever is under way. */
    void abort(ErrorCode error) {
        stopWaiting(System.nanoTime());
        Ticket<Slot> place = ticket;
        ticket = null;
        if (place != null) {
            place.cancel(); // when it was granted meanwhile, granted() gives the slot back
        }
        Try running = current;
        if (running != null) {
            over(running, Optional.of(error));
            if (error == ErrorCode.CLIENT_CLOSED || error == ErrorCode.BAD_REQUEST) {
                running.abandon();
            } else {
                running.abort();
            }
        }
    }

    void end() {
        current = null;
        admission.end();
    }

    void reading(boolean on) {
        Try running = current;
        if (running != null) {
            running.reading(on);
        }
    }

    /** Whether it waits for capacity. */
    boolean waits() {
        return ticket != null;
    }

    boolean isCurrent(Try candidate) {
        return current == candidate;
    }

    Admission admission() {
        return admission;
    }

    /** What {@code set-cookie} tells the client; empty for nothing. */
    String cookie() {
        return key == null ? "" : key.cookie();
    }

    /** Adds what the choice of the last endpoint depended on. */
    void whyThere(List<Decision> all) {
        long now = System.nanoTime();
        comparedWith.ifPresent(other -> all.add(new Decision("balance", "chosen rather than " + other.describe(now))));
        if (routed.isPresent()) {
            EndpointGroup group =
                    exchange.worker().view().snapshot().groups().get(forward().servicePort());
            if (group != null && group.policy().circuitBreaking().on()) {
                exchange.worker()
                        .balancers()
                        .of(group, now)
                        .outNow(now)
                        .forEach(text -> all.add(new Decision("circuit breaker", text)));
            }
        }
    }

    Duration timeout() {
        return timeout;
    }

    long waitedNanos() {
        return waitedNanos + admission.waitedNanos();
    }

    List<Attempt> attempts() {
        return attempts;
    }

    Optional<Routing.Forward> routed() {
        return routed;
    }

    HeadEdits edits() {
        return routed.isPresent() ? routed.get().edits() : HeadEdits.NONE;
    }

    private Routing.Forward forward() {
        return routed.orElseThrow(() -> new IllegalStateException("not routed"));
    }

    private RetryBudget budget() {
        String name = forward().route().frontend().name();
        RetryBudget budget = exchange.snapshot().budgets().get(name);
        if (budget == null) {
            throw new IllegalStateException("no retry budget for frontend " + name);
        }
        return budget;
    }
}
