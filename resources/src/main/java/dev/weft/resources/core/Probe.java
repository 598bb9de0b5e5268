package dev.weft.resources.core;

import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    public static Probe of(Fields fields) {
        fields.inert("terminationGracePeriodSeconds");
        Optional<Action> http = fields.object("httpGet", Probe::httpGet);
        Optional<Action> tcp = fields.object("tcpSocket", socket -> {
            socket.inert("host");
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
        get.inert("host");
        Map<String, String> headers = new LinkedHashMap<>();
        get.objects("httpHeaders", header -> Map.entry(header.requiredText("name"), header.text("value", "")))
                .forEach(header -> headers.put(header.getKey(), header.getValue()));
        String scheme = get.word("scheme", List.of("HTTP", "HTTPS")).orElse("HTTP");
        return new Action.HttpGet(get.text("path", "/"), PortReference.read(get, "port"), scheme, headers);
    }
}
