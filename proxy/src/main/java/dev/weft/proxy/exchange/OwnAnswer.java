package dev.weft.proxy.exchange;

import dev.weft.model.outcome.ErrorCode;
import java.nio.charset.StandardCharsets;

/**
 * An answer that the proxy makes itself (RFC 9457 for the bodies).
 *
 * @param head in HTTP/1.1 form
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record OwnAnswer(byte[] head, byte[] content) {

    private static final String SERVER_BUSY_SECONDS = "1";

    /**
     * The answer to a request that failed here.
     *
     * @param detail one sentence
     * @param connection {@code close}, {@code keep-alive}, or nothing to say
     * @param status mostly the code's; another for requests that a more exact one fits
     */
    static OwnAnswer error(
            ErrorCode error, int status, String detail, String requestId, boolean body, String connection) {
        String json = "{\"status\":" + status + ",\"code\":\"" + error.code() + "\",\"title\":" + quoted(error.cause())
                + ",\"detail\":" + quoted(detail) + "}\n";
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\ncontent-type: application/problem+json\r\nweft-error: ")
                .append(error.code());
        if (status == 503) {
            head.append("\r\nretry-after: ").append(SERVER_BUSY_SECONDS);
        }
        return whole(head, content, requestId, body, connection);
    }

    static OwnAnswer redirect(int status, String location, String requestId, String connection) {
        StringBuilder head = new StringBuilder(256)
                .append("HTTP/1.1 ")
                .append(status)
                .append(' ')
                .append(reason(status))
                .append("\r\nlocation: ")
                .append(location);
        return whole(head, new byte[0], requestId, true, connection);
    }

    private static OwnAnswer whole(
            StringBuilder head, byte[] content, String requestId, boolean body, String connection) {
        if (!requestId.isEmpty()) {
            head.append("\r\nx-request-id: ").append(requestId);
        }
        head.append("\r\ncontent-length: ").append(content.length);
        if (!connection.isEmpty()) {
            head.append("\r\nconnection: ").append(connection);
        }
        byte[] start = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return new OwnAnswer(start, body ? content : new byte[0]);
    }

    private static String reason(int status) {
        return switch (status) {
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
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
