package dev.weft.cli.platform;

import dev.weft.model.problem.Problem;
import dev.weft.model.problem.Verdict;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.ServiceName;
import dev.weft.runtime.LocalRuntime;
import dev.weft.serving.Serving;
import dev.weft.serving.activation.Activation;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What the platform can tell of itself beside its resources and its traffic. */
final class Questions {

    private Questions() {}

    /** The newest cold starts of {@code NAMESPACE/REVISION}, step by step. */
    static ObjectNode activations(Serving serving, String revision) {
        int slash = revision.indexOf('/');
        if (slash < 1 || slash == revision.length() - 1) {
            throw new IllegalArgumentException("activations: \"" + revision + "\" (expected: NAMESPACE/REVISION)");
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode list = json.putArray("activations");
        ServiceName name = new ServiceName(revision.substring(0, slash), revision.substring(slash + 1));
        for (Activation activation : serving.recentActivations(name)) {
            ObjectNode one = list.addObject();
            one.put("wanted", activation.wanted().toString());
            put(one, "decided", activation.decided());
            put(one, "podCreated", activation.podCreated());
            put(one, "processStarted", activation.processStarted());
            put(one, "ready", activation.ready());
            one.put("ended", activation.ended().toString());
            one.put("requests", activation.requests());
            activation.pod().ifPresent(pod -> one.put("pod", pod));
            activation.failure().ifPresent(failure -> one.put("failure", failure));
        }
        return json;
    }

    /** How many JVMs are parked for functions. */
    static ObjectNode spares(LocalRuntime runtime) {
        return JsonNodeFactory.instance.objectNode().put("parked", runtime.parkedSpares());
    }

    /** What the newest snapshot says of each resource that has a problem. */
    static ObjectNode verdicts(Snapshot snapshot) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("version", snapshot.version());
        ArrayNode rows = json.putArray("rows");
        for (Verdict verdict : snapshot.verdicts()) {
            for (Problem problem : verdict.problems()) {
                rows.addObject()
                        .put("resource", verdict.resource().toString())
                        .put("generation", verdict.generation())
                        .put("severity", problem.severity().name())
                        .put("field", problem.field())
                        .put("reason", problem.reason())
                        .put("message", problem.message())
                        .put("remedy", problem.remedy());
            }
        }
        return json;
    }

    private static void put(ObjectNode json, String name, Optional<Instant> time) {
        time.ifPresent(known -> json.put(name, known.toString()));
    }
}
