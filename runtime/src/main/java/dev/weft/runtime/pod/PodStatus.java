package dev.weft.runtime.pod;

import dev.weft.runtime.pod.ContainerState.Container;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
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
        if (!pod.init().isEmpty()) {
            containers(pod.init(), state.init(), status.putArray("initContainerStatuses"));
        }
        containers(pod.containers(), state.containers(), status.putArray("containerStatuses"));
        return status;
    }

    private static String phase(PodSpec pod, PodState state) {
        boolean failed = state.init().stream()
                .anyMatch(each -> each.container() instanceof Container.Terminated end
                        && end.exitCode() != 0
                        && pod.restartPolicy().equals("Never"));
        if (failed) {
            return "Failed";
        }
        boolean over = state.containers().stream()
                .allMatch(each -> each.container() instanceof Container.Terminated end
                        && !ContainerRun.restarts(pod.restartPolicy(), end.exitCode()));
        if (over) {
            return state.containers().stream().allMatch(each -> each.exitCode() == 0) ? "Succeeded" : "Failed";
        }
        return state.containers().stream().anyMatch(ContainerState::hasRun) ? "Running" : "Pending";
    }

    private static void conditions(PodSpec pod, PodState state, ArrayNode conditions) {
        condition(conditions, "PodScheduled", true, state.startTime());
        condition(conditions, "Initialized", state.initialized(), state.startTime());
        List<String> unready = new ArrayList<>();
        String because = "";
        for (int i = 0; i < state.containers().size(); i++) {
            ContainerState each = state.containers().get(i);
            if (!each.ready()) {
                unready.add(pod.containers().get(i).name());
                because = because.isEmpty() ? each.unreadyBecause() : because;
            }
        }
        String message = "containers with unready status: [" + String.join(" ", unready) + "]"
                + (because.isEmpty() ? "" : ": " + because);
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

    private static void containers(List<ContainerSpec> specs, List<ContainerState> states, ArrayNode statuses) {
        for (int i = 0; i < specs.size(); i++) {
            container(specs.get(i), states.get(i), statuses.addObject());
        }
    }

    private static void container(ContainerSpec spec, ContainerState state, ObjectNode container) {
        container.put("name", spec.name());
        container.put("image", spec.image());
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
