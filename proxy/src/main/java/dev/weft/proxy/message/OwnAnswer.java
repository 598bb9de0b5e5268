package dev.weft.proxy.message;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.proxy.route.HeadEdits;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An answer that the proxy makes itself (RFC 9457 for the bodies).
 *
 * @param head in HTTP/1.1 form
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
public record OwnAnswer(byte[] head, byte[] content) {

    /** When a client may try again to whom nothing better can be said. */
    public static final long BUSY_SECONDS = 1;

    /**
     * The answer to a request that failed here.
     *
     * @param detail one sentence
     * @param connection {@code close}, {@code keep-alive}, or nothing to say
     * @param status mostly the code's; another for requests that a more exact one fits
     * @param retryAfterSeconds 0 to say nothing
     * @param more header lines, for example that another origin's scripts may read it
     * @param date when it is made, unless {@code more} says so
     */
    public static OwnAnswer error(
            ErrorCode error,
            int status,
            String detail,
            long retryAfterSeconds,
            List<HeadEdits.Line> more,
            String date,
            String requestId,
            boolean body,
            String connection) {
        String json = "{\"status\":" + status + ",\"code\":\"" + error.code() + "\",\"title\":" + quoted(error.cause())
                + ",\"detail\":" + quoted(detail) + "}\n";
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = start(status)
                .append("\r\ncontent-type: application/problem+json\r\nweft-error: ")
                .append(error.code());
        if (retryAfterSeconds > 0) {
            head.append("\r\nretry-after: ").append(retryAfterSeconds);
        }
        lines(head, more, date);
        return whole(head, content, requestId, body, connection);
    }

    /**
     * Any other answer.
     *
     * @param date when it is made, unless {@code fields} says so
     */
    public static OwnAnswer of(
            int status,
            List<HeadEdits.Line> fields,
            byte[] content,
            String date,
            String requestId,
            boolean body,
            String connection) {
        StringBuilder head = start(status);
        lines(head, fields, date);
        return whole(head, content, requestId, body, connection);
    }

    private static void lines(StringBuilder head, List<HeadEdits.Line> lines, String date) {
        boolean dated = false;
        for (HeadEdits.Line line : lines) {
            head.append("\r\n").append(line.name()).append(": ").append(line.value());
            dated |= line.name().equalsIgnoreCase("date");
        }
        if (!dated) {
            head.append("\r\ndate: ").append(date);
        }
    }

    private static StringBuilder start(int status) {
        return new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status));
    }

    private static OwnAnswer whole(
            StringBuilder head, byte[] content, String requestId, boolean body, String connection) {
        if (!requestId.isEmpty()) {
            head.append("\r\nx-request-id: ").append(requestId);
        }
        if (head.indexOf(" 204 ") != 8) {
            head.append("\r\ncontent-length: ").append(content.length); // RFC 9110 section 8.6: never with 204
        }
        if (!connection.isEmpty()) {
            head.append("\r\nconnection: ").append(connection);
        }
        byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return new OwnAnswer(start, body ? content : new byte[0]);
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 508 -> "Loop Detected";
            default -> "Error";
        };
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder(text.length() + 8).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append(' ');
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
