package dev.weft.proxy.exchange;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.Balancing;
import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Fault;
import dev.weft.model.traffic.ServicePort;
import dev.weft.proxy.balance.Balancer;
import dev.weft.proxy.balance.EndpointLoad;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.Slot;
import dev.weft.proxy.limit.Admission;
import dev.weft.proxy.limit.LimitScopes;
import dev.weft.proxy.message.CallerPatience;
import dev.weft.proxy.message.Choices;
import dev.weft.proxy.message.Edits;
import dev.weft.proxy.retry.FailedTry;
import dev.weft.proxy.retry.Failure;
import dev.weft.proxy.route.HeadEdits;
import dev.weft.proxy.route.Routing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a request's way: find an endpoint (waiting for one where its service sleeps or is full), try it, and
 * try again where the retry rule allows. Part of one {@link Exchange}.
 */
final class Sending implements Admission.Owner {

    private final Exchange exchange;
    private Optional<Routing.Forward> routed = Optional.empty();
    private Entrance.@Nullable Inbound inbound;
    private final Deadlines deadlines;
    private int editsEnd;
    private final List<Attempt> attempts = new ArrayList<>(2);
    private final List<Endpoint> tried = new ArrayList<>(2);
    private @Nullable Try current;
    private final Waiting waiting;
    private final Admission admission;
    private final Repetition repetition;
    private @Nullable RequestKey key;
    private final Choices choices = new Choices();
    private Optional<Fault> fault = Optional.empty();
    private boolean streamApplication;

    Sending(Exchange exchange) {
        this.exchange = exchange;
        this.admission = new Admission(this, false);
        this.deadlines = new Deadlines(exchange);
        this.waiting = new Waiting(exchange);
        this.repetition = new Repetition(exchange);
    }

    void begin() {
        routed = Optional.empty();
        inbound = null;
        deadlines.begin();
        attempts.clear();
        tried.clear();
        current = null;
        waiting.begin();
        fault = Optional.empty();
        admission.begin();
        repetition.begin();
        key = null;
        choices.begin();
    }

    boolean route(Routing.Forward forward) {
        routed = Optional.of(forward);
        if (!forward.edits().isEmpty()) {
            Edits.apply(forward.edits(), exchange.head(), exchange.view(), exchange.toServer());
        }
        return true;
    }

    boolean toApplication(Entrance.Inbound to) {
        inbound = to;
        return true;
    }

    void send() {
        if (exchange.caller().keepsVersion(exchange.head())) {
            exchange.toServer().keepVersion();
        } else if (exchange.head().target().authority().isEmpty()) {
            exchange.toServer().host("unknown.invalid"); // HTTP/1.0 without Host; HTTP/1.1 demands one
        }
        long start = exchange.record().startNanos();
        if (routed.isPresent()) {
            exchange.record().routed(routed.get().servicePort());
            if (!exchange.client().silent()) {
                Repetition.budget(exchange).deposit(exchange.worker().number(), start);
            }
            deadlines.of(routed.get().timeouts(), start);
        }
        deadlines.caller(
                CallerPatience.until(exchange.entrance().hop(), exchange.head().fields(), start));
        deadlines.body(start);
        deadlines.arm();
        editsEnd = exchange.toServer().addedLength();
        if (fault.isPresent()) {
            goWrong(fault.get());
        } else {
            choose();
        }
    }

    void fault(Fault injected) {
        fault = Optional.of(injected);
    }

    /** The request's deadline holds while it is delayed. */
    private void goWrong(Fault injected) {
        if (injected.delay().isZero()) {
            goOn(injected);
            return;
        }
        int epoch = exchange.epoch();
        exchange.worker().loop().later(injected.delay(), () -> {
            if (epoch == exchange.epoch()) {
                goOn(injected);
            }
        });
    }

    private void goOn(Fault injected) {
        if (injected.abort() > 0) {
            String detail = injected.source() + " asks for " + injected.abort() + ".";
            exchange.refuse(ErrorCode.FAULT_INJECTED, injected.abort(), detail);
        } else if (injected.answer().isPresent()) {
            Fault.Answer answer = injected.answer().get();
            exchange.answer(
                    answer.status(),
                    List.of(new HeadEdits.Line("content-type", answer.contentType())),
                    answer.body().getBytes(StandardCharsets.UTF_8));
        } else {
            choose();
        }
    }

    /** Finds an endpoint, and tries it. */
    void choose() {
        long now = System.nanoTime();
        Entrance.Inbound to = inbound;
        if (to != null) {
            streamApplication = exchange.snapshot().programs().speaksHttp2(to);
            attempt(to.servicePort(), to.application(), null, null, now);
            return;
        }
        ServicePort servicePort = forward().servicePort();
        EndpointGroup group = exchange.worker().view().snapshot().groups().get(servicePort);
        if (group == null || (group.endpoints().isEmpty() && !group.activatable())) {
            exchange.refuse(ErrorCode.NO_ENDPOINT, "Service " + servicePort + " has no ready endpoint.");
            return;
        }
        streamApplication = group.protocol().kind() == DeclaredProtocol.Kind.HTTP2;
        LimitScopes limits = exchange.worker().limits();
        if (!admission.passes(limits.of(forward().route().rule()), limits.of(group))) {
            return; // it waits for others to end, or was refused
        } else if (Gates.needed(group)) {
            waiting.enter(group, tried, now);
        } else {
            balance(group, now);
        }
    }

    @Override
    public boolean execute(Runnable task) {
        return exchange.worker().loop().execute(task);
    }

    @Override
    public void admitted() {
        again();
    }

    @Override
    public void refused(ErrorCode error, String sentence) {
        exchange.refuse(error, sentence);
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
        if (load.isEmpty() && balancer.allOut()) {
            exchange.refuse(ErrorCode.CIRCUIT_OPEN, String.join("; ", balancer.outNow(now)));
        } else if (load.isEmpty()) {
            exchange.refuse(ErrorCode.NO_ENDPOINT, "Service " + group.servicePort() + " has no ready endpoint.");
        } else {
            choices.note(load.get(), balancer.comparedWith());
            attempt(group.servicePort(), load.get().endpoint(), load.get(), null, now);
        }
    }

    void attempt(
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
        exchange.answering().from(endpoint);
        deadlines.tryBegins(now);
        started.start(now + deadlines.timeouts().connect().toNanos());
    }

    /**
     * The try failed before anything of its answer went to the client: again, or an error.
     *
     * @param sent whether the endpoint may have acted on the request
     * @param heard whether a part of an answer arrived
     */
    void failed(Try failed, ErrorCode error, String detail, boolean sent, boolean heard) {
        FailedTry.Verdict verdict = leave(failed, Optional.of(error), Failure.of(error, sent, heard));
        if (verdict == FailedTry.Verdict.REPEAT) {
            again();
        } else {
            exchange.refuse(error, detail);
        }
    }

    /** Asks whether a try may be repeated; if so, it is over and only {@link #again} may follow. */
    FailedTry.Verdict leave(Try failed, Optional<ErrorCode> error, Failure failure) {
        FailedTry.Verdict verdict = repetition.decide(failed, attempts.size() + 1, failure);
        if (verdict == FailedTry.Verdict.REPEAT || failure instanceof Failure.Unanswered) {
            over(failed, error);
            failed.leave();
        }
        return verdict;
    }

    /** After {@link #leave} said so: the next try, now or after a pause. */
    void again() {
        if (repetition.pauseNanos() == 0) {
            choose();
        } else {
            deadlines.backOff(System.nanoTime() + repetition.pauseNanos());
        }
    }

    /** Has the head of the request, which goes out now, say how long there is. */
    void tellPatience() {
        Try running = current;
        if (running != null) {
            exchange.toServer().cut(editsEnd); // what an earlier try was told
            CallerPatience.tell(
                    exchange.entrance().hop(),
                    exchange.head().fields(),
                    exchange.toServer(),
                    running.endpoint(),
                    deadlines.until(),
                    System.nanoTime());
        }
    }

    /** The request, or more of its body, went on to the endpoint. */
    void passed() {
        boolean whole = exchange.body().complete();
        deadlines.bodyCame(whole);
        Try running = current;
        if (running != null && running.sent()) {
            deadlines.sent(whole);
        }
    }

    /** The client's side says that the next deadline is here. */
    void timedOut() {
        Deadlines.Limit limit = deadlines.expired(System.nanoTime());
        if (limit == Deadlines.Limit.BACK_OFF) {
            choose();
        } else if (limit != null) {
            Expiry.of(limit, exchange);
        }
    }

    /** The answer is whole. */
    void complete(Try whole, boolean reusable) {
        over(whole, Optional.empty());
        whole.complete(reusable);
    }

    /** The try serves the request no more. */
    void over(Try done, Optional<ErrorCode> error) {
        deadlines.tryEnded();
        attempts.add(done.attempt(error, System.nanoTime()));
        tried.add(done.endpoint());
        exchange.record().server(done.peer());
        exchange.body().disconnect();
        current = null;
    }

    /** Stops whatever is under way. */
    void abort(ErrorCode error) {
        waiting.leave();
        Try running = current;
        if (running != null) {
            over(running, Optional.of(error));
            if (Failure.blames(error, exchange.answering().started())) {
                running.abort();
            } else {
                running.abandon();
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
        return waiting.waits();
    }

    @Nullable
    Try current() {
        return current;
    }

    Admission admission() {
        return admission;
    }

    /** What {@code set-cookie} tells the client; empty for nothing. */
    String cookie() {
        return key == null ? "" : key.cookie();
    }

    /** What the chosen endpoints were preferred to. */
    Choices choices() {
        return choices;
    }

    Repetition repetition() {
        return repetition;
    }

    /** Whether the program that it is for is declared to speak HTTP/2. */
    boolean toStreamApplication() {
        return streamApplication;
    }

    /** Whether it is for the program behind an inbound entrance. */
    boolean isInbound() {
        return inbound != null;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    long waitedNanos() {
        return waiting.waitedNanos() + admission.waitedNanos();
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

    Routing.Forward forward() {
        return routed.orElseThrow(() -> new IllegalStateException("not routed"));
    }
}
