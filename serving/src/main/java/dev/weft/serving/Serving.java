package dev.weft.serving;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.workload.Capacity;
import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.ResourceStore;
import dev.weft.serving.activation.Activation;
import dev.weft.serving.activation.Activations;
import dev.weft.serving.activation.RevisionPods;
import dev.weft.serving.knative.Controllers;
import dev.weft.serving.knative.ScaleEvents;
import dev.weft.serving.scale.Autoscaler;
import dev.weft.serving.scale.ScaleChange;
import dev.weft.serving.scale.ScaleReport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** All of serving, put together: told of requests, asked for capacity, and asked why. */
public final class Serving implements OutcomeListener, Capacity, AutoCloseable {

    private final RevisionPods pods;
    private final Activations activations;
    private final ScaleEvents events;
    private final Autoscaler autoscaler;
    private final Controllers controllers;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("serving-ticker").factory());

    private volatile Optional<Future<?>> ticks = Optional.empty();

    public Serving(ResourceStore store, Endpoints endpoints, ServingOptions options) {
        this(store, endpoints, InstantSource.system(), System::nanoTime, options);
    }

    /**
     * @param clock for times that people read
     * @param nanos for durations; only goes forward
     */
    public Serving(
            ResourceStore store, Endpoints endpoints, InstantSource clock, LongSupplier nanos, ServingOptions options) {
        pods = new RevisionPods(store, endpoints, clock);
        activations = new Activations(pods, this::wake, clock);
        events = new ScaleEvents(store);
        autoscaler = new Autoscaler(
                store,
                pods,
                activations::waiting,
                this::scaled,
                options.scaleToZeroGrace(),
                options.activationLimit(),
                clock,
                nanos);
        controllers = new Controllers(
                store, pods, autoscaler, options.domain(), options.readyPatience(), activations::forget, clock);
    }

    /** Follows the store and the endpoints from now on. */
    public void start() {
        controllers.start();
        pods.start();
        ticks = Optional.of(ticker.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS));
    }

    /** A second has passed. */
    void tick() {
        autoscaler.tick();
    }

    @Override
    public void routed(ServiceName service) {
        autoscaler.started(service);
    }

    @Override
    public void ended(Outcome outcome) {
        if (outcome.hop() != Hop.INBOUND) { // the same request's other end, which was never announced by routed
            outcome.service().ifPresent(port -> autoscaler.ended(port.service()));
        }
    }

    @Override
    public void ended(ConnectionOutcome outcome) {
        if (outcome.hop() != Hop.INBOUND) { // likewise
            outcome.ends().service().ifPresent(port -> autoscaler.ended(port.service()));
        }
    }

    @Override
    public CompletionStage<Void> awaitEndpoint(ServiceName service, Duration patience) {
        return activations.awaitEndpoint(service, patience);
    }

    /** Why the revision has as many instances as it has; empty for a name that is no revision. */
    public Optional<ScaleReport> scaling(ServiceName revision) {
        return autoscaler.report(revision);
    }

    /** The revision's newest cold starts, oldest first. */
    public List<Activation> recentActivations(ServiceName revision) {
        return activations.recent(revision);
    }

    @Override
    public void close() {
        ticks.ifPresent(future -> future.cancel(false));
        ticker.shutdown();
        controllers.close();
        pods.close();
        autoscaler.close();
        activations.close();
        events.close();
    }

    private boolean wake(ServiceName revision) {
        return autoscaler.wake(revision);
    }

    private void scaled(ScaleChange change) {
        if (change.from() == 0) {
            activations.decided(change.revision());
        }
        events.record(change);
    }
}
