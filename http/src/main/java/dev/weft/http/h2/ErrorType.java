package dev.weft.http.h2;

/** Why a stream or a connection ended (RFC 9113 section 7). */
public enum ErrorType {
    NO_ERROR(0),
    PROTOCOL_ERROR(1),
    INTERNAL_ERROR(2),
    FLOW_CONTROL_ERROR(3),
    SETTINGS_TIMEOUT(4),
    STREAM_CLOSED(5),
    FRAME_SIZE_ERROR(6),
    REFUSED_STREAM(7),
    CANCEL(8),
    COMPRESSION_ERROR(9),
    CONNECT_ERROR(10),
    ENHANCE_YOUR_CALM(11),
    INADEQUATE_SECURITY(12),
    HTTP_1_1_REQUIRED(13);

    private static final ErrorType[] BY_CODE = values();

    private final int code;

    ErrorType(int code) {
        this.code = code;
    }

    /** What stands in the frame. */
    public int code() {
        return code;
    }

    /** An unknown code means no more than INTERNAL_ERROR (RFC 9113 section 7). */
    static ErrorType of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : INTERNAL_ERROR;
    }
}
