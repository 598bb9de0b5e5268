package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a head onward with what is to be different: fields left out ({@link Fields#drop}), fields added, another target.
 * The own bytes of the head are copied in long runs with these edits in between. Used again for every head.
 */
public final class HeadWriter {

    private static final byte[] END_OF_LINE = bytes(" HTTP/1.1\r\n");
    private static final byte[] END_OF_OLD_LINE = bytes(" HTTP/1.0\r\n");
    private static final byte[] HTTP_1_1 = bytes("HTTP/1.1");
    private static final byte[] HOST = bytes("host: ");
    private static final byte[] NONE = {};
    private static final int SLACK = 64;

    private byte[] added = new byte[256];
    private int addedLength;
    private byte[] target = NONE;
    private boolean hostReplaced;
    private boolean versionKept;

    public void reset() {
        addedLength = 0;
        target = NONE;
        hostReplaced = false;
        versionKept = false;
    }

    /** Says HTTP/1.0 where the head does. */
    public void keepVersion() {
        versionKept = true;
    }

    /** Whether {@link #keepVersion} was called. */
    public boolean keepsVersion() {
        return versionKept;
    }

    /** How long all added fields are together, for {@link #cut}. */
    public int addedLength() {
        return addedLength;
    }

    /** Takes back what was added since {@link #addedLength} was this. */
    public void cut(int length) {
        addedLength = Math.min(addedLength, length);
    }

    /** The bytes of {@code name: value} with its line end, to be added again and again. */
    public static byte[] line(String name, String value) {
        return bytes(checked(name) + ": " + checked(value) + "\r\n");
    }

    /** Adds a prepared {@link #line}. */
    public void add(byte[] line) {
        ensure(line.length);
        System.arraycopy(line, 0, added, addedLength, line.length);
        addedLength += line.length;
    }

    public void add(HeaderName name, String value) {
        add(name.toString(), value);
    }

    /** Adds a field; a value with a control character is a bug. */
    @SuppressWarnings("deprecation") // String.getBytes(int, int, byte[], int) is the one copy without an array between
    public void add(String name, String value) {
        ensure(name.length() + value.length() + 4);
        int at = addedLength;
        name.getBytes(0, name.length(), added, at);
        at += name.length();
        added[at++] = ':';
        added[at++] = ' ';
        checked(value).getBytes(0, value.length(), added, at);
        at += value.length();
        added[at++] = '\r';
        added[at++] = '\n';
        addedLength = at;
    }

    /** Adds a field whose value stands in these bytes. */
    public void add(HeaderName name, byte[] value, int from, int to) {
        add(name.toString(), "");
        addedLength -= 2;
        ensure(to - from + 2);
        System.arraycopy(value, from, added, addedLength, to - from);
        addedLength += to - from;
        added[addedLength++] = '\r';
        added[addedLength++] = '\n';
    }

    /** Replaces the target; it must be one in origin form. */
    public void target(String originForm) {
        target = bytes(checked(originForm));
    }

    /** Replaces the authority that the server sees. */
    public void host(String authority) {
        hostReplaced = true;
        add(HeaderName.HOST, authority);
    }

    /** No head written with these edits is longer. */
    public int lengthMax(RequestHead head) {
        Target own = head.target();
        int authority = own.authorityEnd() - own.authorityStart();
        return head.end() - head.start() + addedLength + target.length + authority + SLACK;
    }

    /** No head written with these edits is longer. */
    public int lengthMax(ResponseHead head) {
        return head.end() - head.start() + addedLength + SLACK;
    }

    /**
     * Writes the request as HTTP/1.1 unless the version is kept, with its target in origin form, without the fields that concern the incoming
     * connection alone.
     *
     * @return the offset after it
     */
    public int write(RequestHead head, byte[] out, int at) {
        Target own = head.target();
        Fields fields = head.fields();
        byte[] bytes = head.bytes();
        boolean absolute = own.form() == Target.Form.ABSOLUTE;
        int position = copy(bytes, head.start(), head.methodEnd() + 1, out, at);
        if (target.length > 0) {
            position = copy(target, 0, target.length, out, position);
        } else {
            boolean slash = absolute && (own.pathStart() == own.end() || bytes[own.pathStart()] != '/');
            if (slash) {
                out[position++] = '/';
            }
            position = copy(bytes, own.pathStart(), own.end(), out, position);
        }
        byte[] version = versionKept && head.minorVersion() == 0 ? END_OF_OLD_LINE : END_OF_LINE;
        position = copy(version, 0, version.length, out, position);
        if (hostReplaced || absolute) {
            fields.drop(HeaderName.HOST);
        }
        if (absolute && !hostReplaced) {
            position = copy(HOST, 0, HOST.length, out, position);
            position = copy(bytes, own.authorityStart(), own.authorityEnd(), out, position);
            out[position++] = '\r';
            out[position++] = '\n';
        }
        return rest(fields, bytes, head.fieldsAt(), head.end(), out, position);
    }

    /** Writes the response as HTTP/1.1 unless the version is kept, without the fields that concern the incoming connection alone. */
    public int write(ResponseHead head, byte[] out, int at) {
        byte[] bytes = head.bytes();
        int position = versionKept
                ? copy(bytes, head.start(), head.start() + HTTP_1_1.length, out, at)
                : copy(HTTP_1_1, 0, HTTP_1_1.length, out, at);
        position = copy(bytes, head.start() + HTTP_1_1.length, head.fieldsAt(), out, position);
        return rest(head.fields(), bytes, head.fieldsAt(), head.end(), out, position);
    }

    private int rest(Fields fields, byte[] bytes, int fieldsAt, int end, byte[] out, int at) {
        int position = at;
        int runStart = fieldsAt;
        for (int i = 0; i < fields.count(); i++) {
            if (fields.dropped(i)) {
                position = copy(bytes, runStart, fields.lineStart(i), out, position);
                runStart = fields.lineEnd(i);
            }
        }
        position = copy(bytes, runStart, end - 2, out, position);
        position = copy(added, 0, addedLength, out, position);
        out[position++] = '\r';
        out[position++] = '\n';
        return position;
    }

    private static int copy(byte[] bytes, int from, int to, byte[] out, int at) {
        System.arraycopy(bytes, from, out, at, to - from);
        return at + to - from;
    }

    private void ensure(int more) {
        if (addedLength + more > added.length) {
            added = Arrays.copyOf(added, Math.max(added.length * 2, addedLength + more));
        }
    }

    private static String checked(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127 || c > 255) {
                throw new IllegalArgumentException("header text: control character at " + i + " (expected: none)");
            }
        }
        return text;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
