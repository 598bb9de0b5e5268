package dev.weft.serving.knative;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.serving.activation.RevisionPods;
import dev.weft.serving.activation.Watches;
import dev.weft.serving.scale.Autoscaler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Runs the controllers of Knative's kinds: one queue and one virtual thread for each, and the rule which change
 * concerns whom.
 */
public final class Controllers implements AutoCloseable {

    private final ResourceStore store;
    private final RevisionPods pods;
    private final Autoscaler autoscaler;
    private final RevisionIndex index = new RevisionIndex();
    private final Set<Key> handmadeRoutes = ConcurrentHashMap.newKeySet();
    private final Reconciler<Key> services;
    private final Reconciler<Key> configurations;
    private final Reconciler<Key> revisions;
    private final Reconciler<Key> routes;
    private final DomainController mappings;
    private final Reconciler<Key> domains;
    private final List<AutoCloseable> watches = new ArrayList<>();

    /**
     * @param domain under which routes are public, such as {@code example.com}
     * @param patience how long a program may run without being ready before its revision is called failed
     * @param gone told of each revision that was deleted
     */
    public Controllers(
            ResourceStore store,
            RevisionPods pods,
            Autoscaler autoscaler,
            String domain,
            Duration patience,
            Consumer<ServiceName> gone,
            InstantSource clock) {
        this.store = store;
        this.pods = pods;
        this.autoscaler = autoscaler;
        ServiceController service = new ServiceController(store, clock);
        RouteReferences references = new RouteReferences(store);
        ConfigurationController configuration = new ConfigurationController(store, index, references, clock);
        RevisionController revision = new RevisionController(store, pods, autoscaler, patience, gone, clock);
        RouteController route = new RouteController(store, index, references, domain, clock);
        services = new Reconciler<>("knative-services", service::reconcile);
        configurations = new Reconciler<>("knative-configurations", key -> configure(configuration, key));
        revisions = new Reconciler<>("knative-revisions", key -> revise(revision, key));
        routes = new Reconciler<>("knative-routes", key -> route(route, key));
        mappings = new DomainController(store, clock);
        domains = new Reconciler<>("knative-domains", mappings::reconcile);
    }

    public void start() {
        pods.onChange(this::podsChanged);
        watch(Kinds.REVISION, this::revisionChanged);
        watch(Kinds.CONFIGURATION, this::configurationChanged);
        watch(Kinds.ROUTE, this::routeChanged);
        watch(Kinds.DOMAIN_MAPPING, this::domainChanged);
        watch(
                Kinds.KNATIVE_SERVICE,
                change -> services.enqueue(change.resource().key()));
        watch(Kinds.CONFIG_MAP, change -> configured(change.resource().key()));
        watch(Kinds.DEPLOYMENT, change -> workloadChanged(change.resource()));
        watch(Kinds.SERVICE, change -> {
            mappings.in(change.resource().namespace()).forEach(domains::enqueue);
            if (change.type() == Change.Type.DELETED) {
                workloadChanged(change.resource());
                routes.enqueue(Kinds.ROUTE.key(
                        change.resource().namespace(), change.resource().name()));
            }
        });
    }

    @Override
    public void close() {
        Watches.close(watches);
        services.close();
        configurations.close();
        routes.close();
        domains.close();
        revisions.close();
    }

    private void watch(Kind kind, Consumer<Change> consumer) {
        watches.add(store.watch(kind, consumer));
    }

    private void configure(ConfigurationController controller, Key key) {
        controller.reconcile(key);
        controller.collect(key).ifPresent(delay -> configurations.enqueueAfter(key, delay));
    }

    private void route(RouteController controller, Key key) {
        controller.reconcile(key).ifPresent(delay -> routes.enqueueAfter(key, delay));
    }

    private void revise(RevisionController controller, Key key) {
        controller.reconcile(key).ifPresent(delay -> revisions.enqueueAfter(key, delay));
    }

    private void configured(Key map) {
        if (map.equals(RevisionRetention.CONFIGURED_IN)) {
            index.configurations().forEach(configurations::enqueue);
        } else if (map.equals(RolloutState.CONFIGURED_IN)) {
            store.list(Kinds.ROUTE).forEach(found -> routes.enqueue(found.key()));
        }
    }

    private void podsChanged(ServiceName revision) {
        revisions.enqueue(Kinds.REVISION.key(revision.namespace(), revision.name()));
        autoscaler.look(revision);
    }

    private void revisionChanged(Change change) {
        Resource revision = change.resource();
        index.seen(change);
        revisions.enqueue(revision.key());
        String configuration = revision.labels().getOrDefault(Names.CONFIGURATION_LABEL, "");
        if (!configuration.isEmpty()) {
            configurations.enqueue(Kinds.CONFIGURATION.key(revision.namespace(), configuration));
        }
        routesOf(revision);
    }

    private void configurationChanged(Change change) {
        configurations.enqueue(change.resource().key());
        service(change.resource());
        routesOf(change.resource());
    }

    private void routeChanged(Change change) {
        Resource route = change.resource();
        boolean handmade = !route.labels().containsKey(Names.SERVICE_LABEL);
        if (handmade && change.type() != Change.Type.DELETED) {
            handmadeRoutes.add(route.key());
        } else {
            handmadeRoutes.remove(route.key());
        }
        routes.enqueue(route.key());
        mappings.in(route.namespace()).forEach(domains::enqueue);
        service(route);
    }

    private void domainChanged(Change change) {
        mappings.claim(change.resource(), change.type() == Change.Type.DELETED).forEach(domains::enqueue);
    }

    /** The routes that a revision or configuration may concern: its service's, and those that people made. */
    private void routesOf(Resource resource) {
        String service = resource.labels().getOrDefault(Names.SERVICE_LABEL, "");
        if (!service.isEmpty()) {
            routes.enqueue(Kinds.ROUTE.key(resource.namespace(), service));
        }
        handmadeRoutes.stream()
                .filter(route -> route.namespace().equals(resource.namespace()))
                .forEach(routes::enqueue);
    }

    private void service(Resource owned) {
        String service = owned.labels().getOrDefault(Names.SERVICE_LABEL, "");
        if (!service.isEmpty()) {
            services.enqueue(Kinds.KNATIVE_SERVICE.key(owned.namespace(), service));
        }
    }

    private void workloadChanged(Resource workload) {
        String revision = workload.labels().getOrDefault(Names.REVISION_LABEL, "");
        if (!revision.isEmpty()) {
            revisions.enqueue(Kinds.REVISION.key(workload.namespace(), revision));
            autoscaler.look(new ServiceName(workload.namespace(), revision));
        }
    }
}
