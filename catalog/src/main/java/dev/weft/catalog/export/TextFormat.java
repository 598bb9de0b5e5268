package dev.weft.catalog.export;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Trace;
import dev.weft.model.workload.WorkloadIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Envoy's format string: text with commands between percent signs. What this proxy does not know is {@code -}, as there.
 * {@code %REQ(NAME)%} shows a header only because it was named; a path comes without its query.
 */
record TextFormat(List<Part> parts, Set<String> headers) implements LogFormat {

    /** What Emissary writes when nothing else is said. */
    static final String EMISSARY =
            "ACCESS [%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" "
                    + "%RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% "
                    + "%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" "
                    + "\"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \"%UPSTREAM_HOST%\"";

    private static final Pattern COMMAND = Pattern.compile("%(%|[A-Z_0-9]+)(?:\\(([^)]*)\\))?(?::(\\d+))?%?");

    TextFormat {
        parts = List.copyOf(parts);
        headers = Set.copyOf(headers);
    }

    /** A fixed text, or what is found in the request or connection. */
    record Part(Function<Ended, String> value, boolean fixed) {}

    @Override
    public void append(StringBuilder line, Outcome outcome) {
        write(line, outcome);
    }

    @Override
    public void append(StringBuilder line, ConnectionOutcome outcome) {
        write(line, outcome);
    }

    private void write(StringBuilder line, Ended ended) {
        for (Part part : parts) {
            String value = part.value.apply(ended);
            if (part.fixed) {
                line.append(value);
            } else {
                LogText.escape(line, value);
            }
        }
    }

    static TextFormat parse(String template) {
        List<Part> parts = new ArrayList<>();
        Set<String> headers = new HashSet<>();
        int at = 0;
        Matcher matcher = COMMAND.matcher(template);
        while (matcher.find()) {
            text(parts, template.substring(at, matcher.start()));
            if (matcher.group(1).equals("%")) {
                text(parts, "%");
            } else if (!matcher.group().endsWith("%")) {
                throw new IllegalArgumentException("format: \"" + matcher.group() + "\" has no % at its end");
            } else {
                String argument = matcher.group(2) == null ? "" : matcher.group(2);
                Function<Ended, String> value = value(matcher.group(1), argument, headers);
                parts.add(new Part(shortened(value, matcher.group(3)), false));
            }
            at = matcher.end();
        }
        text(parts, template.substring(at).stripTrailing());
        return new TextFormat(parts, headers);
    }

    private static void text(List<Part> parts, String text) {
        if (!text.isEmpty()) {
            parts.add(new Part(any -> text, true));
        }
    }

    private static Function<Ended, String> shortened(
            Function<Ended, String> value, @org.jspecify.annotations.Nullable String length) {
        if (length == null) {
            return value;
        }
        int most = Integer.parseInt(length);
        return ended -> {
            String whole = value.apply(ended);
            return whole.length() <= most ? whole : whole.substring(0, most);
        };
    }

    private static Function<Ended, String> value(String name, String argument, Set<String> headers) {
        Function<Outcome, String> ofRequest = command(name, argument, headers);
        Function<ConnectionOutcome, String> ofConnection = connection(name);
        return ended -> switch (ended) {
            case Outcome request -> ofRequest.apply(request);
            case ConnectionOutcome connection -> ofConnection.apply(connection);
        };
    }

    /** What a command means for a connection; nothing for those that are about requests. */
    private static Function<ConnectionOutcome, String> connection(String name) {
        return switch (name) {
            case "START_TIME" -> outcome -> outcome.startedAt().toString();
            case "PROTOCOL" -> outcome -> outcome.verdict().protocol().name();
            case "RESPONSE_CODE" -> any -> "0";
            case "RESPONSE_CODE_DETAILS", "RESPONSE_FLAGS" ->
                outcome -> outcome.error().map(ErrorCode::code).orElse("");
            case "BYTES_RECEIVED" -> outcome -> Long.toString(outcome.clientBytes());
            case "BYTES_SENT" -> outcome -> Long.toString(outcome.serverBytes());
            case "DURATION" -> outcome -> Long.toString(outcome.totalNanos() / 1_000_000);
            case "UPSTREAM_HOST" -> outcome -> LogText.upstream(outcome.attempts());
            case "UPSTREAM_CLUSTER" ->
                outcome -> outcome.ends().service().map(Object::toString).orElse("");
            case "UPSTREAM_REQUEST_ATTEMPT_COUNT" ->
                outcome -> Integer.toString(outcome.attempts().size());
            case "REQUESTED_SERVER_NAME" -> ConnectionOutcome::serverName;
            case "TRACE_ID" -> outcome -> outcome.trace().map(Trace::traceId).orElse("");
            case "STREAM_ID" -> ConnectionOutcome::id;
            case "DOWNSTREAM_REMOTE_ADDRESS" ->
                outcome -> outcome.ends().client().address();
            case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" ->
                outcome -> LogText.clientAddress(outcome.ends().client());
            case "DOWNSTREAM_PEER_URI_SAN" ->
                outcome -> outcome.ends()
                        .client()
                        .identity()
                        .map(WorkloadIdentity::uri)
                        .orElse("");
            case "DOWNSTREAM_TLS_VERSION" -> outcome -> outcome.ends().client().tlsVersion();
            default -> any -> "";
        };
    }

    private static Function<Outcome, String> command(String name, String argument, Set<String> headers) {
        return switch (name) {
            case "START_TIME" -> outcome -> outcome.startedAt().toString();
            case "PROTOCOL" -> outcome -> outcome.details().protocol();
            case "RESPONSE_CODE" -> outcome -> Integer.toString(outcome.status());
            case "RESPONSE_CODE_DETAILS", "RESPONSE_FLAGS" ->
                outcome -> outcome.error().map(ErrorCode::code).orElse("");
            case "BYTES_RECEIVED" -> outcome -> Long.toString(outcome.requestBytes());
            case "BYTES_SENT" -> outcome -> Long.toString(outcome.responseBytes());
            case "DURATION" -> outcome -> Long.toString(outcome.totalNanos() / 1_000_000);
            case "RESPONSE_DURATION" -> outcome -> Long.toString(outcome.firstByteNanos() / 1_000_000);
            case "UPSTREAM_HOST" -> outcome -> LogText.upstream(outcome.attempts());
            case "UPSTREAM_CLUSTER" ->
                outcome -> outcome.service().map(Object::toString).orElse("");
            case "UPSTREAM_REQUEST_ATTEMPT_COUNT" ->
                outcome -> Integer.toString(outcome.attempts().size());
            case "ROUTE_NAME" -> Outcome::rule;
            case "TRACE_ID" ->
                outcome -> outcome.details().trace().map(Trace::traceId).orElse("");
            case "STREAM_ID" -> Outcome::requestId;
            case "DOWNSTREAM_REMOTE_ADDRESS" -> outcome -> outcome.client().address();
            case "DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT" -> outcome -> LogText.clientAddress(outcome.client());
            case "REQUESTED_SERVER_NAME" -> any -> "";
            case "DOWNSTREAM_PEER_URI_SAN" ->
                outcome ->
                        outcome.client().identity().map(WorkloadIdentity::uri).orElse("");
            case "DOWNSTREAM_TLS_VERSION" -> outcome -> outcome.client().tlsVersion();
            case "REQ" -> request(argument, headers);
            case "RESP", "TRAILER", "DYNAMIC_METADATA" ->
                outcome -> argument.equalsIgnoreCase("x-envoy-upstream-service-time")
                        ? Long.toString(outcome.firstByteNanos() / 1_000_000)
                        : "";
            default -> throw new IllegalArgumentException("format: %" + name + "% is not known here");
        };
    }

    /** {@code NAME}, or {@code NAME?OTHER} for another one where the first is missing. */
    private static Function<Outcome, String> request(String argument, Set<String> headers) {
        int other = argument.indexOf('?');
        if (other >= 0) {
            Function<Outcome, String> first = request(argument.substring(0, other), headers);
            Function<Outcome, String> second = request(argument.substring(other + 1), headers);
            return outcome -> {
                String value = first.apply(outcome);
                return value.isEmpty() ? second.apply(outcome) : value;
            };
        }
        String name = argument.toLowerCase(Locale.ROOT);
        return switch (name) {
            case ":method" -> Outcome::method;
            case ":path" -> Outcome::path;
            case ":authority", "host" -> Outcome::authority;
            case "x-request-id" -> Outcome::requestId;
            case "x-envoy-original-path" -> any -> "";
            default -> {
                headers.add(name);
                yield outcome -> LogText.header(outcome, name);
            }
        };
    }
}
