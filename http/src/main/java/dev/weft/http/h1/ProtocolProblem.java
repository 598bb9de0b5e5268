package dev.weft.http.h1;

/** Why bytes are no acceptable HTTP/1.1 message. The connection that they came on is always closed after. */
public enum ProtocolProblem {
    BAD_REQUEST_LINE(400, "The request line is not 'METHOD target HTTP/1.1'."),
    BAD_METHOD(400, "The method is not a token."),
    BAD_TARGET(400, "The request target is neither a path, nor an http URI, nor '*' for OPTIONS."),
    VERSION_UNSUPPORTED(505, "The protocol version is not HTTP/1.0 or HTTP/1.1."),
    TARGET_TOO_LONG(414, "The request target is longer than allowed."),
    HEAD_TOO_LARGE(431, "The head is larger than allowed."),
    TOO_MANY_FIELDS(431, "The head has more fields than allowed."),
    BAD_STATUS_LINE(400, "The status line is not 'HTTP/1.1 code reason'."),
    BARE_LINE_BREAK(400, "A line ends with a lone CR or LF."),
    FOLDED_FIELD(400, "A field is folded over several lines (RFC 9112 section 5.2)."),
    BAD_FIELD_NAME(400, "A field name is not a token directly followed by a colon (RFC 9112 section 5.1)."),
    BAD_FIELD_VALUE(400, "A field value contains a control character."),
    HOST_MISSING(400, "The Host field is missing (RFC 9112 section 3.2)."),
    HOST_REPEATED(400, "There is more than one Host field (RFC 9112 section 3.2)."),
    BAD_HOST(400, "The Host field or the target's authority is not a host with an optional port."),
    LENGTH_REPEATED(400, "There is more than one Content-Length (RFC 9112 section 6.3)."),
    BAD_LENGTH(400, "Content-Length is not a decimal number (RFC 9112 section 6.3)."),
    LENGTH_AND_CODING(400, "Content-Length and Transfer-Encoding stand together (RFC 9112 section 6.1)."),
    BAD_CODING(400, "Transfer-Encoding does not end in one 'chunked' (RFC 9112 section 6.1)."),
    CODING_UNSUPPORTED(501, "Transfer-Encoding names a coding other than 'chunked'."),
    CODING_IN_HTTP_1_0(400, "An HTTP/1.0 message has a Transfer-Encoding (RFC 9112 section 6.1)."),
    BAD_CHUNK_SIZE(400, "A chunk does not begin with its size in hexadecimal digits (RFC 9112 section 7.1)."),
    BAD_CHUNK_EXTENSION(400, "A chunk's extensions are malformed or longer than allowed."),
    BAD_CHUNK_END(400, "A chunk is not followed by CR LF."),
    BAD_TRAILER(400, "The trailer section is malformed or longer than allowed.");

    private final int status;
    private final String sentence;

    ProtocolProblem(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    /** The status of the answer to a request that has this problem. */
    public int status() {
        return status;
    }

    /** One sentence for people. */
    public String sentence() {
        return sentence;
    }
}
