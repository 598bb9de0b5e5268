package dev.weft.control.status;

import dev.weft.control.acme.HostCertificates;
import dev.weft.control.acme.Progress;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.Verdict;
import dev.weft.resources.Key;
import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes verdicts: as conditions into the statuses of the kinds that the control plane owns, as Events about all others.
 * A condition of somebody else's stays.
 */
public final class VerdictWriter {

    private static final Set<Kind> OWNED = Set.of(
            Kinds.LISTENER,
            Kinds.HOST,
            Kinds.MAPPING,
            Kinds.TCP_MAPPING,
            Kinds.TLS_CONTEXT,
            Kinds.TRACING_SERVICE,
            Kinds.LOG_SERVICE,
            Kinds.TRAFFIC_SPLIT,
            Kinds.TRAFFIC_TARGET,
            Kinds.HTTP_ROUTE_GROUP,
            Kinds.TCP_ROUTE);

    private static final String CERTIFICATE = "Certificate";

    private final ResourceStore store;
    private final HostCertificates certificates;
    private final Clock clock;

    public VerdictWriter(ResourceStore store, HostCertificates certificates, Clock clock) {
        this.store = store;
        this.certificates = certificates;
        this.clock = clock;
    }

    /** Writes what is not written yet; nothing when the resource is gone, or newer than the verdict. */
    public void write(Verdict verdict) {
        Optional<Kind> kind =
                Kinds.find(verdict.resource().group(), verdict.resource().kind());
        if (kind.isEmpty()) {
            return;
        }
        Key key = kind.get()
                .key(verdict.resource().namespace(), verdict.resource().name());
        Optional<Resource> resource = store.get(key);
        if (resource.isEmpty() || resource.get().generation() != verdict.generation()) {
            return;
        }
        if (OWNED.contains(kind.get())) {
            writeStatus(resource.get(), verdict);
        } else {
            verdict.problems().forEach(problem -> writeEvent(resource.get(), problem));
        }
    }

    /** Writes what was found outside the control plane, as an Event; nothing when the resource is gone, or knows it already. */
    public void writeEvent(Problem problem) {
        Kinds.find(problem.resource().group(), problem.resource().kind())
                .flatMap(kind -> store.get(kind.key(
                        problem.resource().namespace(), problem.resource().name())))
                .ifPresent(resource -> writeEvent(resource, problem));
    }

    private void writeStatus(Resource resource, Verdict verdict) {
        ObjectNode status = resource.json().get("status") instanceof ObjectNode old
                ? old.deepCopy()
                : JsonNodeFactory.instance.objectNode();
        ArrayNode conditions = status.get("conditions") instanceof ArrayNode old ? old : status.putArray("conditions");
        List<Problem> errors = verdict.problems().stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .toList();
        List<Problem> shown = errors.isEmpty() ? verdict.problems() : errors;
        String reason = shown.isEmpty() ? "Accepted" : shown.getFirst().reason();
        String message = shown.stream()
                .map(problem -> problem.message() + " " + problem.remedy())
                .collect(Collectors.joining("\n"));
        boolean changed = put(conditions, "Accepted", errors.isEmpty(), reason, message, verdict.generation());
        String programmed = errors.isEmpty() ? "Programmed" : "Invalid";
        changed |= put(conditions, "Programmed", errors.isEmpty(), programmed, "", verdict.generation());
        changed |= putState(resource.kind(), status, errors.isEmpty(), message);
        if (resource.kind().equals(Kinds.HOST)) {
            putCertificate(status, conditions, verdict, errors.isEmpty());
            changed = !status.equals(resource.json().path("status"));
        }
        if (!changed) {
            return;
        }
        try {
            store.updateStatus(resource.key(), status);
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void putCertificate(ObjectNode status, ArrayNode conditions, Verdict verdict, boolean good) {
        Optional<Progress> progress = certificates.progress(verdict.resource());
        HostStatus.put(status, progress, good);
        if (progress.isEmpty()) {
            conditions.removeIf(condition -> condition.path("type").asString("").equals(CERTIFICATE));
            return;
        }
        Progress now = progress.get();
        boolean ready = now.state() == Progress.State.READY;
        put(conditions, CERTIFICATE, ready, now.reason(), now.message(), verdict.generation());
    }

    /** What Emissary's own columns show. */
    private static boolean putState(Kind kind, ObjectNode status, boolean good, String message) {
        boolean mapping = kind.equals(Kinds.MAPPING) || kind.equals(Kinds.TCP_MAPPING);
        if (!mapping && !kind.equals(Kinds.HOST)) {
            return false;
        }
        String state = mapping ? (good ? "Running" : "Inactive") : (good ? "Ready" : "Error");
        String field = mapping ? "reason" : "errorReason";
        String reason = good ? "" : message;
        boolean same = status.path("state").asString("").equals(state)
                && status.path(field).asString("").equals(reason);
        status.put("state", state);
        if (reason.isEmpty()) {
            status.remove(field);
        } else {
            status.put(field, reason);
        }
        return !same;
    }

    private boolean put(
            ArrayNode conditions, String type, boolean good, String reason, String message, long generation) {
        ObjectNode condition = null;
        for (int i = 0; i < conditions.size(); i++) {
            if (conditions.get(i) instanceof ObjectNode other
                    && other.path("type").asString("").equals(type)) {
                condition = other;
            }
        }
        ObjectNode before = condition == null ? JsonNodeFactory.instance.objectNode() : condition.deepCopy();
        ObjectNode now = condition == null ? conditions.addObject() : condition;
        String word = good ? "True" : "False";
        now.put("type", type);
        now.put("status", word);
        now.put("reason", reason);
        now.put("message", message);
        now.put("observedGeneration", generation);
        if (!before.path("status").asString("").equals(word)) {
            now.put("lastTransitionTime", now());
        }
        return !before.equals(now);
    }

    private void writeEvent(Resource about, Problem problem) {
        String namespace = about.namespace().isEmpty() ? "default" : about.namespace();
        String name = about.name() + "."
                + Integer.toHexString((about.uid() + problem.field() + problem.message()).hashCode());
        Key key = Kinds.EVENT.key(namespace, name);
        Optional<Resource> before = store.get(key);
        if (before.isPresent()
                && before.get()
                        .at("/involvedObject/resourceVersion")
                        .asString("")
                        .equals(Long.toString(about.generation()))) {
            return;
        }
        ObjectNode json = Resource.of(key).edit();
        ObjectNode involved = json.putObject("involvedObject");
        involved.put("apiVersion", about.kind().apiVersion());
        involved.put("kind", about.kind().kind());
        involved.put("namespace", about.namespace());
        involved.put("name", about.name());
        involved.put("uid", about.uid());
        involved.put("resourceVersion", Long.toString(about.generation()));
        json.put("type", "Warning");
        json.put("reason", problem.reason());
        json.put("message", problem.message() + " " + problem.remedy());
        json.putObject("source").put("component", "weft-control");
        String first =
                before.map(event -> event.at("/firstTimestamp").asString("")).orElseGet(this::now);
        json.put("firstTimestamp", first);
        json.put("lastTimestamp", now());
        json.put("count", before.map(event -> event.at("/count").asInt(0)).orElse(0) + 1);
        store.apply(new Resource(Kinds.EVENT, json));
    }

    private String now() {
        return clock.instant()
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString();
    }
}
