package dev.weft.proxy.message;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeaderName;
import dev.weft.model.outcome.Details;
import dev.weft.model.outcome.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** What this proxy knows of gRPC over HTTP/2: which requests are calls, how they end, and how it ends one itself. */
public final class Grpc {

    private static final HeaderName STATUS = HeaderName.of("grpc-status");
    private static final byte[] STATUS_LINE = "grpc-status:".getBytes(StandardCharsets.US_ASCII);
    private static final int UNKNOWN = 2;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int STATUS_MAX = 16;
    private static final HeaderName CONTENT_TYPE = HeaderName.of("content-type");
    private static final String TYPE = "application/grpc";

    private Grpc() {}

    /** Whether this head is a call's: {@code application/grpc}, alone or with a suffix, and not gRPC-Web. */
    public static boolean isCall(Fields fields) {
        int at = fields.find(CONTENT_TYPE);
        if (at < 0 || fields.valueEnd(at) - fields.valueStart(at) < TYPE.length()) {
            return false;
        }
        String type = fields.value(at);
        return type.startsWith(TYPE)
                && (type.length() == TYPE.length() || "+; ".indexOf(type.charAt(TYPE.length())) >= 0);
    }

    /** The call's status in a head without a body (trailers-only), or {@link Details#NO_GRPC_STATUS}. */
    public static int status(Fields fields) {
        int at = fields.find(STATUS);
        return at < 0 ? Details.NO_GRPC_STATUS : number(fields.value(at));
    }

    /** The call's status in trailer lines, or {@link Details#NO_GRPC_STATUS}. */
    public static int status(byte[] lines, int from, int to) {
        for (int at = from; at < to; ) {
            int end = at;
            while (end < to && lines[end] != '\r') {
                end++;
            }
            if (begins(lines, at, end)) {
                int value = at + STATUS_LINE.length;
                return number(new String(lines, value, end - value, StandardCharsets.ISO_8859_1).strip());
            }
            at = end + 2;
        }
        return Details.NO_GRPC_STATUS;
    }

    private static boolean begins(byte[] lines, int from, int to) {
        if (to - from < STATUS_LINE.length) {
            return false;
        }
        for (int i = 0; i < STATUS_LINE.length; i++) {
            int b = lines[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + 32 : b) != STATUS_LINE[i]) {
                return false;
            }
        }
        return true;
    }

    /** What is no number of the table counts as UNKNOWN, as with gRPC's own clients. */
    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 2 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : UNKNOWN;
        return number <= STATUS_MAX ? number : UNKNOWN;
    }

    /** The HTTP status that a circuit breaker takes an answer for: a call's is 200 whatever became of it. */
    public static int judgedAs(int grpcStatus, int status) {
        if (status >= 400 || grpcStatus <= 0) {
            return status;
        }
        return grpcStatus == RESOURCE_EXHAUSTED ? 429 : Details.isGrpcFailure(grpcStatus) ? 500 : status;
    }

    /** The trailers of an answer that cannot be finished, lines without an empty one after them. */
    public static byte[] trailers(ErrorCode error, String detail) {
        StringBuilder lines = new StringBuilder(256);
        status(error, detail, lines);
        return lines.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void status(ErrorCode error, String detail, StringBuilder out) {
        out.append("grpc-status: ").append(error.grpcStatus()).append("\r\ngrpc-message: ");
        encode(error.cause() + " " + detail, out);
        out.append("\r\nweft-error: ").append(error.code());
    }

    /** The whole answer to a call that failed here: a head that is the trailers too. */
    public static OwnAnswer error(ErrorCode error, String detail, String date, String requestId) {
        StringBuilder head = new StringBuilder(256).append("HTTP/1.1 200 OK\r\ncontent-type: application/grpc\r\n");
        status(error, detail, head);
        head.append("\r\ndate: ").append(date);
        if (!requestId.isEmpty()) {
            head.append("\r\nx-request-id: ").append(requestId);
        }
        byte[] bytes = head.append("\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        return new OwnAnswer(bytes, new byte[0]);
    }

    /** Percent-encoding of what is not visible ASCII (gRPC over HTTP/2, "Status-Message"). */
    private static void encode(String text, StringBuilder out) {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                out.append((char) b);
            } else {
                out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
            }
        }
    }
}
