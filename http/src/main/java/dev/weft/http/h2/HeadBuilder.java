package dev.weft.http.h2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Makes a head in HTTP/1.1 form of decoded fields, and judges it (RFC 9113 sections 8.1 to 8.5). Lines are written where
 * they will stay; the first line and host go before them when the block is over.
 */
final class HeadBuilder {

    /** What a block may be. */
    enum Form {
        REQUEST,
        RESPONSE,
        TRAILERS,
        /** Nobody wants it: it is decoded for the sake of the table alone. */
        DISCARDED
    }

    private static final int FIELD_OVERHEAD = 32;

    /** Room before the fields for the first line and host. */
    private static final int FRONT = 1024;

    /** A longer buffer is for one head alone. */
    private static final int KEPT_BYTES_MAX = 8 * 1024;

    private static final byte[] HTTP_1_1 = bytes(" HTTP/1.1\r\n");
    private static final byte[] STATUS_LINE = bytes("HTTP/1.1 ");
    private static final byte[] HOST = bytes("host: ");
    private static final byte[] UPGRADE = bytes("connection: upgrade\r\nupgrade: ");
    private static final byte[] GET = bytes("GET");
    private static final byte[] SWITCHING = bytes("101");
    private static final byte[] NONE = {};

    private final int bytesMax;
    private final int fieldsMax;
    private final boolean extendedConnect;

    private byte[] buffer = new byte[FRONT + 1024];
    private int at;
    private int start;
    private Form form = Form.REQUEST;
    private boolean malformed;
    private boolean tooLarge;
    private boolean ownFields;
    private boolean hostField;
    private long size;
    private int count;
    private long contentLength;

    /** Pseudo headers, put aside; a negative start stands for "not there". */
    private byte[] aside = new byte[256];

    private int asideEnd;
    private final int[] from = new int[FieldKind.STATUS + 1];
    private final int[] to = new int[FieldKind.STATUS + 1];

    /** Where the value of the first cookie field ends; negative where there is none. */
    private int cookieEnd;

    /** The others, put aside. */
    private byte[] crumbs = NONE;

    private int crumbsEnd;

    HeadBuilder(int bytesMax, int fieldsMax, boolean extendedConnect) {
        this.bytesMax = bytesMax;
        this.fieldsMax = fieldsMax;
        this.extendedConnect = extendedConnect;
    }

    void begin(Form what) {
        if (buffer.length > KEPT_BYTES_MAX) {
            buffer = new byte[KEPT_BYTES_MAX];
            crumbs = NONE;
        }
        form = what;
        start = FRONT;
        at = FRONT;
        malformed = false;
        tooLarge = false;
        ownFields = false;
        hostField = false;
        size = 0;
        count = 0;
        contentLength = -1;
        asideEnd = 0;
        cookieEnd = -1;
        crumbsEnd = 0;
        Arrays.fill(from, -1);
    }

    int held() {
        return buffer.length + aside.length + crumbs.length;
    }

    /** Where the next line is to be written. */
    int lineAt() {
        return at;
    }

    byte[] buffer() {
        return buffer;
    }

    /** The buffer, with room for that many bytes at this offset. */
    byte[] room(int offset, int length) {
        int needed = offset + length + 4;
        if (needed > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, buffer.length * 2));
        }
        return buffer;
    }

    /** Takes a line out of a table. */
    void copy(byte[] lines, int lineStart, int nameLength, int valueLength, byte kind) {
        int cost = nameLength + valueLength + FIELD_OVERHEAD;
        if (form == Form.DISCARDED || size + cost > bytesMax) {
            accept(cost, nameLength, valueLength, kind); // without the copy: a short block may name a long line often
            return;
        }
        int length = nameLength + valueLength + 4;
        System.arraycopy(lines, lineStart, room(at, length), at, length);
        accept(cost, nameLength, valueLength, kind);
    }

    /** Takes the line that was written at {@link #lineAt}. */
    void written(int nameLength, int valueLength, byte kind) {
        accept(nameLength + valueLength + FIELD_OVERHEAD, nameLength, valueLength, kind);
    }

    private void accept(int cost, int nameLength, int valueLength, byte kind) {
        size += cost;
        count++;
        if (form == Form.DISCARDED || size > bytesMax || count > fieldsMax) {
            tooLarge = true;
            return;
        }
        int valueStart = at + nameLength + 2;
        int valueEnd = valueStart + valueLength;
        if (kind == FieldKind.REGULAR) {
            ownFields = true;
            at = valueEnd + 2;
        } else if (FieldKind.pseudo(kind)) {
            pseudo(kind, valueStart, valueEnd);
        } else {
            special(kind, valueStart, valueEnd);
        }
    }

    private void pseudo(byte kind, int valueStart, int valueEnd) {
        boolean fits = kind == FieldKind.STATUS ? form == Form.RESPONSE : form == Form.REQUEST;
        if (ownFields || from[kind] >= 0 || !fits) {
            malformed = true;
            return;
        }
        int length = valueEnd - valueStart;
        if (asideEnd + length > aside.length) {
            aside = Arrays.copyOf(aside, Math.max(aside.length * 2, asideEnd + length));
        }
        System.arraycopy(buffer, valueStart, aside, asideEnd, length);
        from[kind] = asideEnd;
        asideEnd += length;
        to[kind] = asideEnd;
    }

    private void special(byte kind, int valueStart, int valueEnd) {
        ownFields = true;
        boolean sound = true;
        switch (kind) {
            case FieldKind.HOST -> {
                sound = !hostField && form != Form.TRAILERS;
                hostField = true;
                boolean named = from[FieldKind.AUTHORITY] >= 0;
                sound = sound && (!named || sameAuthority(valueStart, valueEnd));
                at = named ? at : valueEnd + 2;
            }
            case FieldKind.COOKIE -> cookie(valueStart, valueEnd);
            case FieldKind.CONTENT_LENGTH -> {
                sound = contentLength < 0 && form != Form.TRAILERS;
                contentLength = Characters.decimal(buffer, valueStart, valueEnd);
                sound = sound && contentLength >= 0;
                at = valueEnd + 2;
            }
            case FieldKind.TE -> {
                sound = Characters.equal(buffer, valueStart, valueEnd, "trailers");
                at = valueEnd + 2;
            }
            default -> sound = false; // of a connection, malformed, or with a value that is not acceptable
        }
        malformed |= !sound;
    }

    private boolean sameAuthority(int valueStart, int valueEnd) {
        int authority = from[FieldKind.AUTHORITY];
        if (valueEnd - valueStart != to[FieldKind.AUTHORITY] - authority) {
            return false;
        }
        for (int i = valueStart; i < valueEnd; i++, authority++) {
            if (lower(buffer[i]) != lower(aside[authority])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }

    /** Several cookie fields are one in HTTP/1.1 (RFC 9113 section 8.2.3), where the first was. */
    private void cookie(int valueStart, int valueEnd) {
        if (cookieEnd < 0) {
            cookieEnd = valueEnd;
            at = valueEnd + 2;
            return;
        }
        int length = valueEnd - valueStart;
        if (crumbsEnd + length + 2 > crumbs.length) {
            crumbs = Arrays.copyOf(crumbs, Math.max(256, (crumbsEnd + length) * 2));
        }
        crumbs[crumbsEnd++] = ';';
        crumbs[crumbsEnd++] = ' ';
        System.arraycopy(buffer, valueStart, crumbs, crumbsEnd, length);
        crumbsEnd += length;
    }

    private void insertCrumbs() {
        byte[] line = room(at, crumbsEnd);
        System.arraycopy(line, cookieEnd, line, cookieEnd + crumbsEnd, at - cookieEnd);
        System.arraycopy(crumbs, 0, line, cookieEnd, crumbsEnd);
        at += crumbsEnd;
    }

    /**
     * Completes the head.
     *
     * @param switched a response to an upgraded stream: the protocol it was upgraded to; else empty
     * @return false when it is malformed
     */
    boolean finish(byte[] switched) {
        if (tooLarge || malformed) {
            return !malformed;
        }
        boolean sound = switch (form) {
            case REQUEST -> request();
            case RESPONSE -> response(switched);
            case TRAILERS, DISCARDED -> true;
        };
        if (sound && crumbsEnd > 0) {
            insertCrumbs();
        }
        if (sound && form != Form.TRAILERS) {
            endLine();
        }
        return sound;
    }

    private boolean request() {
        int method = from[FieldKind.METHOD];
        if (method < 0 || !Characters.token(aside, method, to[FieldKind.METHOD])) {
            return false;
        }
        boolean connect = is(FieldKind.METHOD, "CONNECT");
        boolean protocol = from[FieldKind.PROTOCOL] >= 0;
        if (connect && !protocol) {
            boolean bare = from[FieldKind.SCHEME] < 0 && from[FieldKind.PATH] < 0 && authority();
            return bare && front(FieldKind.METHOD, FieldKind.AUTHORITY);
        }
        if (protocol && !(connect && extendedConnect && authority() && token(FieldKind.PROTOCOL))) {
            return false;
        }
        return from[FieldKind.SCHEME] >= 0 && path() && front(FieldKind.METHOD, FieldKind.PATH);
    }

    private boolean token(int kind) {
        return Characters.token(aside, from[kind], to[kind]);
    }

    private boolean authority() {
        int authority = from[FieldKind.AUTHORITY];
        int end = to[FieldKind.AUTHORITY];
        return authority >= 0 && authority < end && Characters.visible(aside, authority, end);
    }

    private boolean path() {
        int path = from[FieldKind.PATH];
        int end = to[FieldKind.PATH];
        if (path < 0 || path == end || !Characters.visible(aside, path, end)) {
            return false;
        }
        boolean asterisk = aside[path] == '*' && end - path == 1 && is(FieldKind.METHOD, "OPTIONS");
        return aside[path] == '/' || asterisk;
    }

    private boolean is(int kind, String text) {
        return Characters.equal(aside, from[kind], to[kind], text);
    }

    /** Writes the request line and host before the fields; backwards. */
    private boolean front(int method, int target) {
        boolean named = from[FieldKind.AUTHORITY] >= 0;
        int authority = named ? to[FieldKind.AUTHORITY] - from[FieldKind.AUTHORITY] : 0;
        int needed = to[method] - from[method] + to[target] - from[target] + authority + 64;
        if (needed > start) {
            shift(needed - start);
        }
        if (from[FieldKind.PROTOCOL] >= 0) {
            append(UPGRADE, 0, UPGRADE.length);
            append(aside, from[FieldKind.PROTOCOL], to[FieldKind.PROTOCOL]);
            endLine();
        }
        if (named || !hostField) {
            prepend(HTTP_1_1, HTTP_1_1.length - 2, HTTP_1_1.length);
            prepend(aside, named ? from[FieldKind.AUTHORITY] : 0, named ? to[FieldKind.AUTHORITY] : 0);
            prepend(HOST, 0, HOST.length);
        }
        prepend(HTTP_1_1, 0, HTTP_1_1.length);
        prepend(aside, from[target], to[target]);
        buffer[--start] = ' ';
        if (from[FieldKind.PROTOCOL] >= 0) {
            prepend(GET, 0, GET.length);
        } else {
            prepend(aside, from[method], to[method]);
        }
        return true;
    }

    private boolean response(byte[] switched) {
        int status = from[FieldKind.STATUS];
        long code = status < 0 ? -1 : Characters.decimal(aside, status, to[FieldKind.STATUS]);
        if (code < 100 || code > 999 || code == 101 || to[FieldKind.STATUS] - status != 3) {
            return false;
        }
        prepend(HTTP_1_1, HTTP_1_1.length - 2, HTTP_1_1.length);
        buffer[--start] = ' ';
        if (switched.length > 0 && code == 200) {
            prepend(SWITCHING, 0, SWITCHING.length);
            append(UPGRADE, 0, UPGRADE.length);
            append(switched, 0, switched.length);
            endLine();
        } else {
            prepend(aside, status, to[FieldKind.STATUS]);
        }
        prepend(STATUS_LINE, 0, STATUS_LINE.length);
        return true;
    }

    private void shift(int by) {
        room(at, by);
        System.arraycopy(buffer, start, buffer, start + by, at - start);
        start += by;
        at += by;
    }

    private void prepend(byte[] bytes, int first, int last) {
        start -= last - first;
        System.arraycopy(bytes, first, buffer, start, last - first);
    }

    private void append(byte[] bytes, int first, int last) {
        System.arraycopy(bytes, first, room(at, last - first), at, last - first);
        at += last - first;
    }

    private void endLine() {
        byte[] out = room(at, 2);
        out[at++] = '\r';
        out[at++] = '\n';
    }

    /** Where the head begins. */
    int start() {
        return start;
    }

    /** The offset after the head. */
    int end() {
        return at;
    }

    boolean tooLarge() {
        return tooLarge;
    }

    /** In bytes, -1 when the head does not say. */
    long contentLength() {
        return contentLength;
    }

    boolean isConnect() {
        return from[FieldKind.METHOD] >= 0 && is(FieldKind.METHOD, "CONNECT");
    }

    /** Whether the request asks for another protocol on its stream (RFC 8441). */
    boolean asksForUpgrade() {
        return from[FieldKind.PROTOCOL] >= 0;
    }

    /** A response's status as it stands on the wire. */
    int status() {
        int status = from[FieldKind.STATUS];
        return status < 0 ? 0 : (int) Characters.decimal(aside, status, to[FieldKind.STATUS]);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
