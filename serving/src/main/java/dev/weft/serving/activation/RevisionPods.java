package dev.weft.serving.activation;

import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Change;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What runs of each revision. Fed by the store's watch of pods and by {@link Endpoints}; each revision's entry is an
 * immutable map, replaced atomically, so that reading needs no lock.
 *
 * <p>An instance that was told to go may still be listed for a moment. It is not counted from then on, unless the
 * revision was wanted again so soon that it was never stopped: after {@link #REPRIEVE} it counts again.
 */
public final class RevisionPods implements AutoCloseable {

    /** On pods, Deployments and Services: the revision they belong to. */
    public static final String REVISION_LABEL = "serving.knative.dev/revision";

    private static final Duration REPRIEVE = Duration.ofMillis(300);

    private final ResourceStore store;
    private final Endpoints endpoints;
    private final InstantSource clock;
    private final Map<ServiceName, Map<String, PodView>> views = new ConcurrentHashMap<>();
    private final Map<ServiceName, Set<String>> dismissed = new ConcurrentHashMap<>();
    private final List<Consumer<ServiceName>> listeners = new CopyOnWriteArrayList<>();
    private final Reconciler<Optional<ServiceName>> worker = new Reconciler<>("serving-pods", this::refresh);
    private final List<AutoCloseable> watches = new CopyOnWriteArrayList<>();

    public RevisionPods(ResourceStore store, Endpoints endpoints, InstantSource clock) {
        this.store = store;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /** Follows pods and instances from now on. */
    public void start() {
        watches.add(store.watch(Kinds.POD, this::seen));
        endpoints.onChange(() -> worker.enqueue(Optional.empty()));
        worker.enqueue(Optional.empty());
    }

    /** Calls {@code listener} with each revision whose pods changed; it must return at once. */
    public void onChange(Consumer<ServiceName> listener) {
        listeners.add(listener);
    }

    /** All pods of the revision. */
    public List<PodView> of(ServiceName revision) {
        return List.copyOf(views.getOrDefault(revision, Map.of()).values());
    }

    /** Instances of the revision that can take a request, and will stay. */
    public List<PodView> serving(ServiceName revision) {
        Set<String> leaving = dismissed.getOrDefault(revision, Set.of());
        return of(revision).stream()
                .filter(view -> view.serves() && !view.leaving() && !leaving.contains(view.name()))
                .toList();
    }

    /** The revision was scaled to zero: whatever runs now is on its way out. */
    public void dismiss(ServiceName revision) {
        Set<String> names = new HashSet<>();
        of(revision).forEach(view -> names.add(view.name()));
        dismissed.put(revision, names);
    }

    /** The revision is wanted again. */
    public void recall(ServiceName revision) {
        if (dismissed.containsKey(revision)) {
            worker.enqueueAfter(Optional.of(revision), REPRIEVE);
        }
    }

    @Override
    public void close() {
        Watches.close(watches);
        worker.close();
    }

    private void seen(Change change) {
        Resource pod = change.resource();
        revision(pod.namespace(), pod.labels()).ifPresent(revision -> {
            boolean deleted = change.type() == Change.Type.DELETED;
            update(revision, pod.name(), view -> deleted ? view.withoutPod() : view.with(pod, clock.instant()));
            announce(revision);
        });
    }

    private void refresh(Optional<ServiceName> recalled) {
        if (recalled.isPresent()) {
            dismissed.remove(recalled.get());
            announce(recalled.get());
            return;
        }
        Map<ServiceName, Map<String, Instance>> running = new HashMap<>();
        for (Instance instance : endpoints.instances()) {
            revision(instance.workload().namespace(), instance.labels())
                    .ifPresent(revision -> running.computeIfAbsent(revision, any -> new HashMap<>())
                            .put(instance.workload().name(), instance));
        }
        Set<ServiceName> revisions = new HashSet<>(views.keySet());
        revisions.addAll(running.keySet());
        revisions.forEach(revision -> refresh(revision, running.getOrDefault(revision, Map.of())));
    }

    private void refresh(ServiceName revision, Map<String, Instance> running) {
        Map<String, PodView> before = views.getOrDefault(revision, Map.of());
        for (Instance instance : running.values()) {
            update(revision, instance.workload().name(), view -> view.with(instance, clock.instant()));
        }
        for (String name : new ArrayList<>(before.keySet())) {
            if (!running.containsKey(name)) {
                update(revision, name, PodView::withoutInstance);
            }
        }
        if (!before.equals(views.getOrDefault(revision, Map.of()))) {
            announce(revision);
        }
    }

    private void update(ServiceName revision, String name, UnaryOperator<PodView> edit) {
        views.compute(revision, (key, before) -> {
            Map<String, PodView> after = new HashMap<>(before == null ? Map.of() : before);
            PodView view = edit.apply(after.getOrDefault(name, PodView.unseen(name)));
            after.put(name, view);
            if (view.gone()) {
                after.remove(name);
            }
            return after.isEmpty() ? null : after;
        });
    }

    private void announce(ServiceName revision) {
        listeners.forEach(listener -> listener.accept(revision));
    }

    private static Optional<ServiceName> revision(String namespace, Map<String, String> labels) {
        return Optional.ofNullable(labels.get(REVISION_LABEL)).map(name -> new ServiceName(namespace, name));
    }
}
