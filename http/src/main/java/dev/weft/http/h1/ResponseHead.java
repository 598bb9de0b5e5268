package dev.weft.http.h1;

import org.jspecify.annotations.Nullable;

/** One response head (RFC 9112 section 4) as offsets into its bytes; used again like {@link RequestHead}. */
public final class ResponseHead {

    /** More bytes are needed. */
    public static final int INCOMPLETE = FieldLines.INCOMPLETE;

    /** The head is refused: {@link #problem()} says why. */
    public static final int REFUSED = FieldLines.REFUSED;

    private static final int SHORTEST_LINE = 14;

    private Limits limits;
    private final FieldLines lines = new FieldLines();
    private byte[] bytes = {};
    private boolean inFields;
    private int start;
    private int fieldsAt;
    private int end;
    private int minorVersion;
    private int status;
    private @Nullable ProtocolProblem problem;

    public ResponseHead(Limits limits) {
        this.limits = limits;
    }

    /** These hold for the heads that come next. */
    public void limits(Limits others) {
        limits = others;
    }

    /** Makes ready for a head that begins at this offset. */
    public void reset(int from) {
        inFields = false;
        start = from;
        end = 0;
        problem = null;
    }

    /** As {@link RequestHead#parse}. */
    public int parse(byte[] bytes, int to) {
        this.bytes = bytes;
        int limit = Math.min(to, start + limits.headBytesMax());
        boolean full = to - start >= limits.headBytesMax();
        if (!inFields) {
            int state = statusLine(limit);
            if (state < 0) {
                return state == INCOMPLETE && full ? refuse(ProtocolProblem.HEAD_TOO_LARGE) : state;
            }
            fieldsAt = state;
            inFields = true;
            lines.begin(state);
        }
        int state = lines.read(bytes, limit, limits.fieldsMax());
        if (state == INCOMPLETE) {
            return full ? refuse(ProtocolProblem.HEAD_TOO_LARGE) : state;
        }
        if (state == REFUSED) {
            problem = lines.problem();
            return REFUSED;
        }
        end = state;
        if (lines.fields().chunked() && minorVersion == 0) {
            return refuse(ProtocolProblem.CODING_IN_HTTP_1_0);
        }
        lines.fields().dropNominated();
        return state;
    }

    private int statusLine(int to) {
        if (to - start < SHORTEST_LINE) {
            return INCOMPLETE;
        }
        if (Version.major(bytes, start) != 1 || bytes[start + 8] != ' ') {
            return refuse(ProtocolProblem.BAD_STATUS_LINE);
        }
        minorVersion = bytes[start + 7] - '0';
        long code = FieldText.decimal(bytes, start + 9, start + 12);
        boolean separated = bytes[start + 12] == ' ' || bytes[start + 12] == '\r';
        if (code < 100 || code > 999 || !separated) {
            return refuse(ProtocolProblem.BAD_STATUS_LINE);
        }
        status = (int) code;
        int at = start + 12;
        while (at < to && Characters.VALUE[bytes[at] & 0xff]) {
            at++;
        }
        if (at == to || (at + 1 == to && bytes[at] == '\r')) {
            return INCOMPLETE;
        }
        boolean ends = bytes[at] == '\r' && bytes[at + 1] == '\n';
        return ends ? at + 2 : refuse(ProtocolProblem.BARE_LINE_BREAK);
    }

    private int refuse(ProtocolProblem why) {
        problem = why;
        return REFUSED;
    }

    /** Why {@link #parse} returned {@link #REFUSED}. */
    public ProtocolProblem problem() {
        ProtocolProblem found = problem;
        if (found == null) {
            throw new IllegalStateException("the head was not refused");
        }
        return found;
    }

    public int status() {
        return status;
    }

    /** Whether another head follows for the same request (RFC 9110 section 15.2). */
    public boolean interim() {
        return status < 200;
    }

    public Fields fields() {
        return lines.fields();
    }

    /**
     * How the body ends (RFC 9112 section 6.3).
     *
     * @param toHead whether the request's method was HEAD
     */
    public Framing framing(boolean toHead) {
        if (toHead || status < 200 || status == 204 || status == 304) {
            return Framing.NONE;
        }
        Fields fields = lines.fields();
        if (fields.chunked()) {
            return Framing.CHUNKED;
        }
        long length = fields.contentLength();
        return length < 0 ? Framing.UNTIL_CLOSE : length == 0 ? Framing.NONE : Framing.LENGTH;
    }

    /** In bytes, 0 without a Content-Length. */
    public long contentLength() {
        return Math.max(0, lines.fields().contentLength());
    }

    /** Whether the server keeps the connection open after this response. */
    public boolean keepsAlive() {
        Fields fields = lines.fields();
        return !fields.close() && (minorVersion > 0 || fields.keepAlive());
    }

    byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int fieldsAt() {
        return fieldsAt;
    }

    /** The offset after the head. */
    public int end() {
        return end;
    }
}
