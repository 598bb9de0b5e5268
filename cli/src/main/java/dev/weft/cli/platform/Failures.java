package dev.weft.cli.platform;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.apps.PodOwner;
import dev.weft.serving.activation.PodFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Says which workloads fail after they were accepted, at the place in the file that declares them, and when they work
 * again. Each speaks for what was made from it: a Knative service for its revisions, a Deployment for its pods. Changes
 * come on the store's thread and are only queued there; one thread of its own owns all state and prints.
 */
final class Failures implements AutoCloseable {

    private static final Duration LONG = Duration.ofDays(1);

    private final ResourceStore store;
    private final DeclaredFiles files;
    private final String logs;
    private final Consumer<String> report;
    private final BlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final Closing watches = new Closing();
    private final Settling settling = new Settling();
    private final Map<Key, TreeMap<String, PodFailure>> failingPods = new HashMap<>();
    private final Thread printer;

    /** @param logs how this platform's logs are asked for: {@code weft logs}, with its data directory if need be */
    Failures(ResourceStore store, DeclaredFiles files, String logs, Consumer<String> report) {
        this.store = store;
        this.files = files;
        this.logs = logs;
        this.report = report;
        this.printer = Thread.ofVirtual().name("failures").start(this::follow);
        for (Kind kind : List.of(Kinds.POD, Kinds.DEPLOYMENT, Kinds.CONFIGURATION, Kinds.KNATIVE_SERVICE)) {
            watches.add("watch of " + kind, store.watch(kind, changes::add));
        }
    }

    @Override
    public void close() {
        watches.close();
        printer.interrupt();
    }

    private void follow() {
        try {
            while (true) {
                Duration wait = settling.untilDue(System.nanoTime()).orElse(LONG);
                Change change = changes.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
                if (change != null) {
                    look(change);
                }
                settling.due(System.nanoTime()).forEach(this::say);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Change change) {
        Resource resource = change.resource();
        boolean gone = change.type() == Change.Type.DELETED || resource.deleting();
        if (resource.kind().equals(Kinds.POD)) {
            Key owner = owner(resource);
            TreeMap<String, PodFailure> failing = failingPods.computeIfAbsent(owner, any -> new TreeMap<>());
            failing.remove(resource.name());
            if (!gone) {
                WorkloadFailure.ofPod(resource).ifPresent(failure -> failing.put(resource.name(), failure));
            }
            if (failing.isEmpty()) {
                failingPods.remove(owner);
            }
            look(owner, owner.equals(resource.key()) && gone);
        } else if (resource.at("/metadata/ownerReferences").isEmpty()) {
            look(resource.key(), gone);
        }
    }

    private void look(Key key, boolean gone) {
        Optional<Resource> found = gone ? Optional.empty() : store.get(key);
        if (found.isEmpty()) {
            settling.forget(key);
        } else if (key.kind().equals(Kinds.POD) || owner(found.get()).equals(key)) { // what has an owner is its matter
            settling.observe(key, failure(found.get()), System.nanoTime());
        }
    }

    private Optional<WorkloadFailure> failure(Resource resource) {
        Key key = resource.key();
        if (!key.kind().equals(Kinds.POD) && !key.kind().equals(Kinds.DEPLOYMENT)) {
            return WorkloadFailure.ofKnative(resource, store);
        }
        TreeMap<String, PodFailure> failing = failingPods.getOrDefault(key, new TreeMap<>());
        if (failing.isEmpty()) {
            return key.kind().equals(Kinds.POD) ? Optional.empty() : WorkloadFailure.ofDeployment(resource);
        }
        PodFailure first = failing.firstEntry().getValue();
        return Optional.of(new WorkloadFailure(key, first.reason(), first.message()));
    }

    private void say(Settling.News news) {
        Key about = news.about();
        Location location = files.locate(about.reference(), "").orElse(Location.API);
        if (news.failure().isEmpty()) {
            report.accept(location + " " + about + " works again.");
            return;
        }
        WorkloadFailure failure = news.failure().get();
        String message = "it does not work (" + failure.reason() + "): "
                + failure.message().strip().replace("\n", "\n    ");
        report.accept(new Problem(
                        location,
                        about.reference(),
                        "",
                        failure.reason(),
                        message,
                        remedy(failure),
                        Problem.Severity.ERROR)
                .toString());
    }

    private String remedy(WorkloadFailure failure) {
        String command = logs
                + (failure.about().namespace().equals("default")
                        ? " "
                        : " -n " + failure.about().namespace() + " ")
                + subject(failure.about());
        return switch (failure.reason()) {
            case "ImageNotLocal" -> "It starts by itself once that LocalImage is applied.";
            case "ImageInvalid", "ArtifactMissing", "BuildFailed", "CreateContainerConfigError", "NotSupported" ->
                "It starts by itself once that is mended.";
            default -> "While it runs, " + command + " prints all that it writes.";
        };
    }

    private static String subject(Key about) {
        String name = about.name();
        if (about.kind().equals(Kinds.DEPLOYMENT)) {
            return "deploy/" + name;
        }
        return about.kind().equals(Kinds.POD) ? name : "ksvc/" + name;
    }

    /** Whoever made it, or itself. */
    private static Key owner(Resource resource) {
        PodOwner owner = PodOwner.of(resource);
        return Kinds.all().stream()
                .filter(each ->
                        each.kind().equals(owner.kind()) && each.apiVersion().equals(owner.apiVersion()))
                .findFirst()
                .map(each -> each.key(resource.namespace(), owner.name()))
                .orElse(resource.key());
    }
}
