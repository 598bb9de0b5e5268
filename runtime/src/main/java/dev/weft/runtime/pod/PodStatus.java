package dev.weft.runtime.pod;

import dev.weft.runtime.pod.PodState.Container;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A pod's state in the words of {@code v1 PodStatus}. */
final class PodStatus {

    private PodStatus() {}

    static ObjectNode of(PodSpec pod, PodState state) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("phase", phase(pod, state));
        conditions(pod, state, status.putArray("conditions"));
        status.put("hostIP", "127.0.0.1");
        if (!state.address().isEmpty()) {
            status.put("podIP", state.address());
            status.putArray("podIPs").addObject().put("ip", state.address());
        }
        status.put("startTime", time(state.startTime()));
        container(pod, state, status.putArray("containerStatuses").addObject());
        return status;
    }

    private static String phase(PodSpec pod, PodState state) {
        return switch (state.container()) {
            case Container.Waiting waiting -> state.last().isPresent() ? "Running" : "Pending";
            case Container.Running running -> "Running";
            case Container.Terminated end -> {
                if (PodRun.restarts(pod.restartPolicy(), end.exitCode())) {
                    yield "Running";
                }
                yield end.exitCode() == 0 ? "Succeeded" : "Failed";
            }
        };
    }

    private static void conditions(PodSpec pod, PodState state, ArrayNode conditions) {
        condition(conditions, "PodScheduled", true, state.startTime());
        condition(conditions, "Initialized", true, state.startTime());
        String message = "containers with unready status: [" + pod.container().name() + "]"
                + (state.unreadyBecause().isEmpty() ? "" : ": " + state.unreadyBecause());
        for (String type : new String[] {"ContainersReady", "Ready"}) {
            ObjectNode condition = condition(conditions, type, state.ready(), state.readySince());
            if (!state.ready()) {
                condition.put("reason", "ContainersNotReady").put("message", message);
            }
        }
    }

    private static ObjectNode condition(ArrayNode conditions, String type, boolean holds, Instant since) {
        return conditions
                .addObject()
                .put("type", type)
                .put("status", holds ? "True" : "False")
                .put("lastTransitionTime", time(since));
    }

    private static void container(PodSpec pod, PodState state, ObjectNode container) {
        container.put("name", pod.container().name());
        container.put("image", pod.container().image());
        container.put("imageID", "");
        container.put("ready", state.ready());
        container.put("started", state.started());
        container.put("restartCount", state.restarts());
        if (state.pid() > 0) {
            container.put("containerID", "process://" + state.pid());
        }
        state(container.putObject("state"), state.container());
        state.last().ifPresent(last -> state(container.putObject("lastState"), last));
    }

    private static void state(ObjectNode node, Container state) {
        switch (state) {
            case Container.Waiting(String reason, String message) -> {
                ObjectNode waiting = node.putObject("waiting").put("reason", reason);
                if (!message.isEmpty()) {
                    waiting.put("message", message);
                }
            }
            case Container.Running(Instant startedAt) ->
                node.putObject("running").put("startedAt", time(startedAt));
            case Container.Terminated end -> {
                ObjectNode terminated = node.putObject("terminated")
                        .put("exitCode", end.exitCode())
                        .put("reason", end.reason())
                        .put("startedAt", time(end.startedAt()))
                        .put("finishedAt", time(end.finishedAt()));
                if (!end.message().isEmpty()) {
                    terminated.put("message", end.message());
                }
            }
        }
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
