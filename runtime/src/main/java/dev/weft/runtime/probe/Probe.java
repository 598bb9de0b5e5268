package dev.weft.runtime.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One probe, with Kubernetes' defaults filled in.
 *
 * @param period between two tries; zero means Knative's way: as often as sensible until it succeeds for the first time
 * @param failureThreshold how many failures in a row count
 * @param successThreshold how many successes in a row count
 */
public record Probe(
        Action action,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int failureThreshold,
        int successThreshold) {

    private static final Duration PERIOD = Duration.ofSeconds(10);

    /** What is asked. */
    public sealed interface Action {
        /** The port is the number or name of a container port; empty or 0 means the first. Secure is over TLS. */
        record HttpGet(boolean secure, String port, String path, Map<String, String> headers) implements Action {
            public HttpGet {
                headers = Map.copyOf(headers);
            }
        }

        /** The port likewise. */
        record TcpSocket(String port) implements Action {}

        /** Good when it ends with 0. */
        record Exec(List<String> command) implements Action {
            public Exec {
                command = List.copyOf(command);
            }
        }

        /** A kind of probe that is not built yet. */
        record Unsupported(String what) implements Action {}
    }

    /** Reads {@code readinessProbe} and its like. */
    public static Probe read(JsonNode json) {
        int period = json.path("periodSeconds").asInt(10);
        int failures = json.path("failureThreshold").asInt(0);
        return new Probe(
                action(json),
                Duration.ofSeconds(json.path("initialDelaySeconds").asInt(0)),
                Duration.ofSeconds(period),
                Duration.ofSeconds(Math.max(1, json.path("timeoutSeconds").asInt(1))),
                failures <= 0 ? 3 : failures,
                Math.max(1, json.path("successThreshold").asInt(1)));
    }

    /** Between tries once it has succeeded. */
    Duration steadyPeriod() {
        return period.isZero() ? PERIOD : period;
    }

    private static Action action(JsonNode json) {
        JsonNode http = json.path("httpGet");
        if (http.isObject()) {
            Map<String, String> headers = new LinkedHashMap<>();
            http.path("httpHeaders")
                    .forEach(header -> headers.put(
                            header.path("name").asString(""),
                            header.path("value").asString("")));
            boolean secure = http.path("scheme").asString("HTTP").equals("HTTPS");
            return new Action.HttpGet(secure, port(http), http.path("path").asString("/"), headers);
        }
        if (json.path("exec").isObject()) {
            List<String> command = new ArrayList<>();
            json.at("/exec/command").forEach(word -> command.add(word.asString("")));
            return new Action.Exec(command);
        }
        if (json.path("grpc").isObject()) {
            return new Action.Unsupported("grpc");
        }
        return new Action.TcpSocket(port(json.path("tcpSocket")));
    }

    private static String port(JsonNode action) {
        JsonNode port = action.path("port");
        return port.isString() ? port.asString() : Integer.toString(port.asInt(0));
    }
}
