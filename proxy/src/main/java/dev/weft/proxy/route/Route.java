package dev.weft.proxy.route;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.WeightedBackend;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One rule, made ready: its edits are encoded, its backends are a {@link Split}, and what it will answer is made
 * beforehand. Immutable but for the split's turns, which each loop owns.
 */
public final class Route {

    private final Frontend frontend;
    private final Rule rule;
    private final HeadEdits edits;
    private final Split split;
    private final List<Routing> routings;
    private final List<Optional<ServicePort>> delegates;
    private final Optional<Routing> answer;
    private final Optional<Route> found;
    private final boolean defaultRetry;
    private final boolean onlyWholeTimed;
    private final RouteActions actions;
    private final Optional<Mirrored> mirror;

    /** Where copies of this share of its requests go. */
    public record Mirrored(Routing.Forward forward, int percent) {}

    Route(Frontend frontend, Rule rule, int loops, RandomGenerator random) {
        this.frontend = frontend;
        this.rule = rule;
        this.edits = HeadEdits.of(rule.filters());
        this.actions = RouteActions.of(rule.filters());
        List<WeightedBackend> backends =
                rule.backends().stream().filter(each -> each.weight() > 0).toList();
        this.split =
                new Split(backends.stream().mapToInt(WeightedBackend::weight).toArray(), loops, random);
        this.found = Optional.of(this);
        this.routings = backends.stream().map(each -> routing(each.backend())).toList();
        this.delegates = backends.stream().map(each -> delegate(each.backend())).toList();
        this.answer = answerOf(backends.isEmpty());
        this.defaultRetry = rule.retry().equals(RetryPolicy.DEFAULT);
        this.onlyWholeTimed =
                rule.timeouts().equals(Timeouts.ofRequest(rule.timeouts().request()));
        this.mirror = actions.mirror().map(to -> mirrored(to, loops, random));
    }

    public Frontend frontend() {
        return frontend;
    }

    public Rule rule() {
        return rule;
    }

    public HeadEdits edits() {
        return edits;
    }

    /** Whether the rule says nothing of retries. */
    boolean defaultRetry() {
        return defaultRetry;
    }

    /** Whether the rule says nothing of timeouts but for the whole request. */
    boolean onlyWholeTimed() {
        return onlyWholeTimed;
    }

    /** What else its filters ask for; mostly nothing. */
    public RouteActions actions() {
        return actions;
    }

    public Optional<Mirrored> mirror() {
        return mirror;
    }

    /** A route of its own, without filters, so that nothing happens to a copy twice; it is never tried again. */
    private Mirrored mirrored(RouteFilter.Mirror to, int loops, RandomGenerator random) {
        Rule copies = new Rule(
                rule.name() + " (copies)",
                rule.source(),
                List.of(),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(to.to()), 1)),
                rule.timeouts().request().isZero()
                        ? Timeouts.DEFAULT
                        : Timeouts.ofRequest(rule.timeouts().request()),
                RetryPolicy.NONE);
        Route route = new Route(frontend, copies, loops, random);
        return new Mirrored(new Routing.Forward(route, List.of(), to.to(), HeadEdits.NONE), to.percent());
    }

    /** Made once, so that a lookup makes nothing. */
    Optional<Route> found() {
        return found;
    }

    /** The answer that needs no backend. */
    Optional<Routing> answer() {
        return answer;
    }

    /** The position of the chosen one among the backends with a weight; call only where {@link #answer} is empty. */
    int choose(int loop) {
        return split.choose(loop);
    }

    /** The service port whose mesh frontend decides next, if the chosen backend leaves it to one. */
    Optional<ServicePort> delegate(int chosen) {
        return delegates.get(chosen);
    }

    /** What the chosen backend means when it is no delegate. */
    Routing routing(int chosen) {
        return routings.get(chosen);
    }

    private Optional<Routing> answerOf(boolean nothingToChoose) {
        for (RouteFilter filter : rule.filters()) {
            if (filter instanceof RouteFilter.Redirect redirect) {
                return Optional.of(new Routing.Redirect(this, redirect));
            }
            if (filter instanceof RouteFilter.Answer given) {
                return Optional.of(new Routing.Answer(this, given));
            }
        }
        if (nothingToChoose) {
            return Optional.of(new Routing.Refusal(
                    ErrorCode.NO_BACKEND, rule.source() + " has no backend with a weight above 0.", found));
        }
        return Optional.empty();
    }

    private Routing routing(Backend backend) {
        return switch (backend) {
            case Backend.Service service -> new Routing.Forward(this, List.of(), service.servicePort(), edits);
            case Backend.Delegate delegate -> new Routing.Forward(this, List.of(), delegate.servicePort(), edits);
            case Backend.Invalid invalid ->
                new Routing.Refusal(
                        ErrorCode.BACKEND_INVALID,
                        "Backend " + invalid.name() + " of " + rule.source() + ": " + invalid.reason(),
                        found);
        };
    }

    private static Optional<ServicePort> delegate(Backend backend) {
        return backend instanceof Backend.Delegate delegate ? Optional.of(delegate.servicePort()) : Optional.empty();
    }
}
