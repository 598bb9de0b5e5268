package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a container's health is asked for.
 *
 * @param period zero means as often as possible until it succeeds (Knative)
 * @param successThreshold successes in a row until it holds
 * @param failureThreshold failures in a row until it does not
 */
public record Probe(
        Action action,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold) {

    private static final List<String> ACTIONS = List.of("exec", "httpGet", "tcpSocket", "grpc");

    /** What is tried. A port that is not given is the port that the container serves. */
    public sealed interface Action {

        /** A status from 200 to 399 is success. */
        record HttpGet(String path, Optional<PortReference> port, String scheme, Map<String, String> headers)
                implements Action {
            public HttpGet {
                headers = Map.copyOf(headers);
            }
        }

        record TcpSocket(Optional<PortReference> port) implements Action {}

        /** Exit code 0 is success. */
        record Exec(List<String> command) implements Action {
            public Exec {
                command = List.copyOf(command);
            }
        }

        record Grpc(Optional<PortReference> port, String service) implements Action {}
    }

    /** What Kubernetes asks of a probe, and Knative does not: what is tried, and at which port. */
    static void checkComplete(Fields container, String name) {
        JsonNode probe = container.raw(name);
        if (!probe.isObject()) {
            return;
        }
        if (ACTIONS.stream().noneMatch(probe::has)) {
            container.invalid(name, "nothing says what is tried.", "Write one of " + String.join(", ", ACTIONS) + ".");
        }
        for (String action : List.of("httpGet", "tcpSocket", "grpc")) {
            if (probe.path(action).isObject() && !probe.path(action).has("port")) {
                container.missing(name + "." + action + ".port", "the port's number or name");
            }
        }
        if (!name.equals("readinessProbe") && probe.path("successThreshold").asInt(1) > 1) {
            container.invalid(
                    name + ".successThreshold", "has to be 1 for this probe.", "Remove it: one success is enough.");
        }
    }

    public static Probe of(Fields fields) {
        fields.oneWay("the pod's counts.", Map.of("terminationGracePeriodSeconds", List.of()));
        Optional<Action> http = fields.object("httpGet", Probe::httpGet);
        Optional<Action> tcp = fields.object("tcpSocket", socket -> {
            socket.oneWay("the pod itself is asked.", Map.of("host", List.of()));
            return new Action.TcpSocket(PortReference.read(socket, "port"));
        });
        Optional<Action> exec = fields.object("exec", command -> new Action.Exec(command.texts("command")));
        Optional<Action> grpc = fields.object(
                "grpc", call -> new Action.Grpc(PortReference.read(call, "port"), call.text("service", "")));
        long given = java.util.stream.Stream.of(http, tcp, exec, grpc)
                .filter(Optional::isPresent)
                .count();
        if (given > 1) {
            fields.invalid("", "exactly one of httpGet, tcpSocket, exec and grpc is wanted.", "Leave one of them.");
        }
        Action action = http.or(() -> tcp).or(() -> exec).or(() -> grpc).orElse(new Action.TcpSocket(Optional.empty()));
        return new Probe(
                action,
                fields.seconds("initialDelaySeconds", 0, 0, 86_400),
                fields.seconds("periodSeconds", 10, 0, 86_400),
                fields.seconds("timeoutSeconds", 1, 0, 86_400),
                fields.integer("successThreshold", 1, 0, 1_000),
                fields.integer("failureThreshold", 3, 0, 1_000));
    }

    private static Action httpGet(Fields get) {
        get.oneWay("the pod itself is asked; a Host header is one of httpHeaders.", Map.of("host", List.of()));
        Map<String, String> headers = new LinkedHashMap<>();
        get.objects("httpHeaders", header -> Map.entry(header.requiredText("name"), header.text("value", "")))
                .forEach(header -> headers.put(header.getKey(), header.getValue()));
        String scheme = get.word("scheme", List.of("HTTP", "HTTPS")).orElse("HTTP");
        return new Action.HttpGet(get.text("path", "/"), PortReference.read(get, "port"), scheme, headers);
    }
}
