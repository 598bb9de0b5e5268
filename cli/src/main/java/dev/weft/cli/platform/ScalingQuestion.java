package dev.weft.cli.platform;

import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.LocalRuntime;
import dev.weft.runtime.spare.ProcessStart;
import dev.weft.serving.Serving;
import dev.weft.serving.activation.Activation;
import dev.weft.serving.scale.ScaleChange;
import dev.weft.serving.scale.ScaleReport;
import dev.weft.serving.scale.ScalingPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Why a Knative service, or one revision, has as many instances as it has. */
final class ScalingQuestion {

    private static final String SERVICE_LABEL = "serving.knative.dev/service";

    private static final String REVISION_LABEL = "serving.knative.dev/revision";
    private static final int PROCESSES_MAX = 10;

    private final Serving serving;
    private final LocalRuntime runtime;
    private final ResourceStore store;

    ScalingQuestion(Serving serving, LocalRuntime runtime, ResourceStore store) {
        this.serving = serving;
        this.runtime = runtime;
        this.store = store;
    }

    /** Answers {@code NAMESPACE/NAME}; a service's revisions come newest first. */
    ObjectNode answer(String method, String asked) {
        int slash = asked.indexOf('/');
        if (slash < 1 || slash == asked.length() - 1) {
            throw new IllegalArgumentException("scaling: \"" + asked + "\" (expected: NAMESPACE/SERVICE)");
        }
        String namespace = asked.substring(0, slash);
        String name = asked.substring(slash + 1);
        List<ServiceName> revisions = revisions(namespace, name);
        if (revisions.isEmpty()) {
            throw new IllegalArgumentException(
                    "There is no Knative service and no revision \"" + name + "\" in namespace " + namespace + ".");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = json.putArray("revisions");
        revisions.forEach(
                revision -> serving.scaling(revision).ifPresent(report -> revision(report, rows.addObject())));
        return json;
    }

    private List<ServiceName> revisions(String namespace, String name) {
        return store.list(Kinds.REVISION).stream()
                .filter(revision -> revision.namespace().equals(namespace))
                .filter(revision -> revision.name().equals(name)
                        || revision.labels().getOrDefault(SERVICE_LABEL, "").equals(name))
                .sorted(Comparator.comparing((Resource revision) ->
                                revision.at("/metadata/creationTimestamp").asString(""))
                        .thenComparing(Resource::name)
                        .reversed())
                .map(revision -> new ServiceName(namespace, revision.name()))
                .toList();
    }

    private void revision(ScaleReport report, ObjectNode json) {
        json.put("revision", report.revision().name());
        json.put("wanted", report.wanted());
        json.put("ready", report.ready());
        json.put("inFlight", report.inFlight());
        json.put("why", report.explanation());
        json.put("panic", report.panicking());
        json.put("stableAverage", report.stable());
        json.put("panicAverage", report.panic());
        json.put("excessBurstCapacity", report.excessBurst());
        policy(report.policy(), json.putObject("settings"));
        ArrayNode changes = json.putArray("changes");
        for (ScaleChange change : report.changes()) {
            changes.addObject()
                    .put("at", change.at().toString())
                    .put("from", change.from())
                    .put("to", change.to())
                    .put("why", change.reason());
        }
        ArrayNode starts = json.putArray("coldStarts");
        serving.recentActivations(report.revision()).forEach(start -> start(start, starts.addObject()));
        ArrayNode processes = json.putArray("processes");
        runtime.processStarts(start -> isOf(start, report.revision()), PROCESSES_MAX)
                .forEach(start -> process(start, processes.addObject()));
    }

    private static boolean isOf(ProcessStart start, ServiceName revision) {
        return start.namespace().equals(revision.namespace())
                && start.labels().getOrDefault(REVISION_LABEL, "").equals(revision.name());
    }

    private static void process(ProcessStart start, ObjectNode json) {
        json.put("at", start.at().toString());
        json.put("pod", start.pod());
        json.put("spare", start.spare());
        json.put("micros", start.micros());
        json.put("why", start.why());
    }

    private static void policy(ScalingPolicy policy, ObjectNode json) {
        json.put("metric", policy.metric().name().toLowerCase(Locale.ROOT));
        json.put("capacity", policy.total());
        json.put("target", policy.target());
        json.put("window", policy.stableWindow().toSeconds() + "s");
        json.put("panicWindow", policy.panicWindow().toSeconds() + "s");
        json.put("minScale", policy.minScale());
        json.put("maxScale", policy.maxScale());
        json.put("initialScale", policy.initialScale());
        json.put("activationScale", policy.activationScale());
        json.put("scaleDownDelay", policy.scaleDownDelay().toSeconds() + "s");
    }

    private static void start(Activation start, ObjectNode json) {
        json.put("at", start.wanted().toString());
        json.put("requests", start.requests());
        millis(json, "decideMillis", start.wanted(), start.decided());
        millis(json, "podMillis", start.wanted(), start.podCreated());
        millis(json, "processMillis", start.wanted(), start.processStarted());
        millis(json, "readyMillis", start.wanted(), start.ready());
        json.put("totalMillis", Duration.between(start.wanted(), start.ended()).toMillis());
        start.failure().ifPresent(failure -> json.put("failure", failure));
    }

    /** Left out where the step was not seen, or came before the request. */
    private static void millis(ObjectNode json, String name, Instant since, Optional<Instant> until) {
        until.filter(time -> !time.isBefore(since))
                .ifPresent(time -> json.put(name, Duration.between(since, time).toMillis()));
    }
}
