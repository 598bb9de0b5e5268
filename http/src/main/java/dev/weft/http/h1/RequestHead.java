package dev.weft.http.h1;

import org.jspecify.annotations.Nullable;

/**
 * One request head (RFC 9112 section 3) as offsets into its bytes. Made once for a connection or a loop and used again
 * for every request. The bytes must stay as they are until the next {@link #reset}; texts are made only when asked for.
 */
public final class RequestHead {

    /** More bytes are needed. */
    public static final int INCOMPLETE = FieldLines.INCOMPLETE;

    /** The head is refused: {@link #problem()} says why. */
    public static final int REFUSED = FieldLines.REFUSED;

    private Limits limits;
    private final FieldLines lines = new FieldLines();
    private final Target target = new Target();
    private final CachedText method = new CachedText();

    private byte[] bytes = {};
    private boolean inFields;
    private int origin;
    private int start;
    private int methodEnd;
    private int versionAt;
    private int fieldsAt;
    private int end;
    private int minorVersion;
    private @Nullable ProtocolProblem problem;

    public RequestHead(Limits limits) {
        this.limits = limits;
    }

    /** These hold for the heads that come next. */
    public void limits(Limits others) {
        limits = others;
    }

    /** Makes ready for a head that begins at this offset. */
    public void reset(int from) {
        inFields = false;
        origin = from;
        start = from;
        end = 0;
        problem = null;
    }

    /**
     * Reads on. Each call gets all bytes of the head so far, from the offset given to {@link #reset} on, in the same or a
     * longer array.
     *
     * @return the offset after the head, {@link #INCOMPLETE}, or {@link #REFUSED}
     */
    public int parse(byte[] bytes, int to) {
        this.bytes = bytes;
        int limit = Math.min(to, origin + limits.headBytesMax()); // empty lines before the request count too
        boolean full = to - origin >= limits.headBytesMax();
        if (!inFields) {
            int state = requestLine(limit);
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
        problem = check();
        end = problem == null ? state : 0;
        return problem == null ? state : REFUSED;
    }

    /** The offset after the line, or a negative state. */
    private int requestLine(int to) {
        int at = start;
        while (at + 1 < to && bytes[at] == '\r' && bytes[at + 1] == '\n') {
            at += 2; // an empty line before a request is ignored (RFC 9112 section 2.2)
        }
        if (at < to && bytes[at] == '\r') {
            return at + 1 == to ? INCOMPLETE : refuse(ProtocolProblem.BARE_LINE_BREAK);
        }
        start = at;
        while (at < to && Characters.TOKEN[bytes[at] & 0xff] != 0) {
            at++;
        }
        if (at == to) {
            return INCOMPLETE;
        }
        if (bytes[at] != ' ' || at == start) {
            return refuse(ProtocolProblem.BAD_METHOD);
        }
        methodEnd = at;
        return target(at + 1, to);
    }

    private int target(int from, int to) {
        int at = from;
        int longest = Math.min(to, from + limits.targetBytesMax() + 1);
        while (at < longest && Characters.TARGET[bytes[at] & 0xff]) {
            at++;
        }
        if (at - from > limits.targetBytesMax()) {
            return refuse(ProtocolProblem.TARGET_TOO_LONG);
        }
        if (at == to) {
            return INCOMPLETE;
        }
        if (bytes[at] != ' ' || at == from) {
            boolean lineEnds = bytes[at] == '\r' || bytes[at] == '\n';
            return refuse(lineEnds ? ProtocolProblem.BAD_REQUEST_LINE : ProtocolProblem.BAD_TARGET);
        }
        target.at(from, at);
        versionAt = at + 1;
        return version(to);
    }

    private int version(int to) {
        if (to - versionAt < 10) {
            return INCOMPLETE;
        }
        int major = Version.major(bytes, versionAt);
        if (major < 0) {
            return refuse(ProtocolProblem.BAD_REQUEST_LINE);
        }
        if (major != 1) {
            return refuse(ProtocolProblem.VERSION_UNSUPPORTED);
        }
        minorVersion = bytes[versionAt + 7] - '0';
        if (bytes[versionAt + 8] != '\r' || bytes[versionAt + 9] != '\n') {
            return refuse(ProtocolProblem.BAD_REQUEST_LINE);
        }
        return versionAt + 10;
    }

    /** What can be said only once the head is whole. */
    private @Nullable ProtocolProblem check() {
        Fields fields = lines.fields();
        if (fields.chunked() && minorVersion == 0) {
            return ProtocolProblem.CODING_IN_HTTP_1_0;
        }
        if (fields.hostField() < 0 && minorVersion > 0) {
            return ProtocolProblem.HOST_MISSING;
        }
        ProtocolProblem bad = target.check(bytes, methodEnd - start, start, fields);
        if (bad == null && minorVersion == 0 && target.form() == Target.Form.AUTHORITY) {
            return ProtocolProblem.BAD_TARGET; // HTTP/1.0 knows no tunnels (RFC 1945)
        }
        if (bad == null) {
            fields.dropNominated();
        }
        return bad;
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

    public Fields fields() {
        return lines.fields();
    }

    /** Upper case for every method there is; methods are case-sensitive. */
    public String method() {
        return method.of(bytes, start, methodEnd);
    }

    public boolean isMethod(String name) {
        if (methodEnd - start != name.length()) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (bytes[start + i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    public boolean isHead() {
        return isMethod("HEAD");
    }

    /** GET, HEAD, OPTIONS, TRACE, PUT, DELETE (RFC 9110 section 9.2.2). */
    public boolean idempotent() {
        return switch (bytes[start]) {
            case 'G' -> isMethod("GET");
            case 'H' -> isMethod("HEAD");
            case 'O' -> isMethod("OPTIONS");
            case 'T' -> isMethod("TRACE");
            case 'P' -> isMethod("PUT");
            case 'D' -> isMethod("DELETE");
            default -> false;
        };
    }

    /** What the request asks for: the path, query and authority. */
    public Target target() {
        return target;
    }

    /** 0 or 1; a higher one reads as 1. */
    public int minorVersion() {
        return Math.min(minorVersion, 1);
    }

    public Framing framing() {
        Fields fields = lines.fields();
        return fields.chunked() ? Framing.CHUNKED : fields.contentLength() > 0 ? Framing.LENGTH : Framing.NONE;
    }

    /** In bytes, 0 without a Content-Length. */
    public long contentLength() {
        return Math.max(0, lines.fields().contentLength());
    }

    /** Whether it says for which host it is, in its target or in a Host that is not empty. */
    public boolean namesHost() {
        int host = fields().hostField();
        return target.authorityEnd() > target.authorityStart()
                || (host >= 0 && fields().valueEnd(host) > fields().valueStart(host));
    }

    /** Whether the connection may be used again after this request (RFC 9112 section 9.3). */
    public boolean keepsAlive() {
        Fields fields = lines.fields();
        return !fields.close() && (minorVersion > 0 || fields.keepAlive());
    }

    /** Whether the client asks for another protocol (RFC 9110 section 7.8). */
    public boolean asksForUpgrade() {
        return lines.fields().upgrade();
    }

    /** What all offsets point into. */
    public byte[] bytes() {
        return bytes;
    }

    int start() {
        return start;
    }

    int methodEnd() {
        return methodEnd;
    }

    int fieldsAt() {
        return fieldsAt;
    }

    /** The offset after the head; 0 until it was read and found good. */
    public int end() {
        return end;
    }
}
