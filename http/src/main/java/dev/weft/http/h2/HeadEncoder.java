package dev.weft.http.h2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns heads in HTTP/1.1 form into header blocks. The heads were read or made by this program, so nothing is judged here;
 * fields that concern an HTTP/1.1 connection are left out (RFC 9113 section 8.2.2).
 */
final class HeadEncoder {

    private static final byte[] METHOD = bytes(":method");
    private static final byte[] PATH = bytes(":path");
    private static final byte[] SCHEME = bytes(":scheme");
    private static final byte[] AUTHORITY = bytes(":authority");
    private static final byte[] PROTOCOL = bytes(":protocol");
    private static final byte[] STATUS = bytes(":status");
    private static final byte[] CONNECT = bytes("CONNECT");
    private static final byte[] OK = bytes("200");
    private static final int METHOD_HASH = hash(METHOD);
    private static final int PATH_HASH = hash(PATH);
    private static final int SCHEME_HASH = hash(SCHEME);
    private static final int AUTHORITY_HASH = hash(AUTHORITY);
    private static final int PROTOCOL_HASH = hash(PROTOCOL);
    private static final int STATUS_HASH = hash(STATUS);
    private static final byte[] NONE = {};

    private static final int WIDTH = 5;

    private final FieldEncoder encoder;
    private final byte[] scheme;

    /** For each field: hash and ends of its lower case name in {@link #names}, and its value in the head. */
    private int[] lines = new int[32 * WIDTH];

    private byte[] names = new byte[512];
    private int namesEnd;
    private int count;
    private int hostLine;
    private int upgradeFrom;
    private int upgradeTo;

    HeadEncoder(FieldEncoder encoder, String scheme) {
        this.encoder = encoder;
        this.scheme = bytes(scheme);
    }

    /** Whether the last request asked for another protocol. */
    boolean upgrades() {
        return upgradeTo > 0;
    }

    /** The protocol that the last request asked for. */
    byte[] protocol(byte[] head) {
        return upgradeTo == 0 ? NONE : Arrays.copyOfRange(head, upgradeFrom, upgradeTo);
    }

    /** @param upgradable whether the peer knows extended CONNECT; else an upgrade is left out */
    void request(byte[] head, int from, int to, boolean upgradable) {
        int methodEnd = Characters.until((byte) ' ', head, from);
        int targetEnd = Characters.until((byte) ' ', head, methodEnd + 1);
        fields(head, Characters.until((byte) '\n', head, targetEnd) + 1, to);
        upgradeTo = upgradable ? upgradeTo : 0;
        boolean connect = Characters.equal(head, from, methodEnd, "CONNECT");
        if (upgrades()) {
            pseudo(METHOD, METHOD_HASH, CONNECT, 0, CONNECT.length);
        } else {
            pseudo(METHOD, METHOD_HASH, head, from, methodEnd);
        }
        if (connect) {
            pseudo(AUTHORITY, AUTHORITY_HASH, head, methodEnd + 1, targetEnd);
        } else {
            pseudo(SCHEME, SCHEME_HASH, scheme, 0, scheme.length);
            target(head, methodEnd + 1, targetEnd);
        }
        if (upgrades()) {
            pseudo(PROTOCOL, PROTOCOL_HASH, head, upgradeFrom, upgradeTo);
        }
        write(head);
    }

    /** The path and authority of a target in origin or absolute form. */
    private void target(byte[] head, int from, int to) {
        int path = from;
        int authority = -1;
        if (head[from] != '/' && head[from] != '*') {
            authority = Characters.until((byte) '/', head, from) + 2;
            path = authority;
            while (path < to && head[path] != '/' && head[path] != '?') {
                path++;
            }
        }
        if (authority >= 0) {
            pseudo(AUTHORITY, AUTHORITY_HASH, head, authority, path);
        } else if (hostLine >= 0 && lines[hostLine * WIDTH + 3] < lines[hostLine * WIDTH + 4]) {
            pseudo(AUTHORITY, AUTHORITY_HASH, head, lines[hostLine * WIDTH + 3], lines[hostLine * WIDTH + 4]);
        }
        if (path < to && head[path] != '?') {
            pseudo(PATH, PATH_HASH, head, path, to);
        } else {
            byte[] rooted = bytes("/" + new String(head, path, to - path, StandardCharsets.ISO_8859_1));
            pseudo(PATH, PATH_HASH, rooted, 0, rooted.length);
        }
    }

    /** @param upgraded whether the stream's request asked for another protocol: 101 is 200 then */
    void response(byte[] head, int from, int to, boolean upgraded) {
        fields(head, Characters.until((byte) '\n', head, from) + 1, to);
        int status = from + 9;
        if (upgraded && Characters.equal(head, status, status + 3, "101")) {
            pseudo(STATUS, STATUS_HASH, OK, 0, OK.length);
        } else {
            pseudo(STATUS, STATUS_HASH, head, status, status + 3);
        }
        hostLine = -1;
        write(head);
    }

    void trailers(byte[] fieldLines, int from, int to) {
        fields(fieldLines, from, to);
        write(fieldLines);
    }

    private void pseudo(byte[] name, int hash, byte[] value, int from, int to) {
        encoder.field(hash, name, 0, name.length, value, from, to);
    }

    /** Notes where the lines' parts are, up to the empty line or the end. */
    private void fields(byte[] head, int from, int to) {
        count = 0;
        namesEnd = 0;
        hostLine = -1;
        upgradeTo = 0;
        int at = from;
        while (at < to && head[at] != '\r') {
            if (count * WIDTH == lines.length) {
                lines = Arrays.copyOf(lines, lines.length * 2);
            }
            at = line(head, at);
        }
    }

    /** Returns the offset after the line. */
    private int line(byte[] head, int from) {
        int nameFrom = namesEnd;
        int colon = Characters.until((byte) ':', head, from);
        int needed = namesEnd + colon - from + 8;
        if (needed > names.length) {
            names = Arrays.copyOf(names, Math.max(names.length * 2, needed));
        }
        Characters.lower(head, from, colon, names, namesEnd);
        namesEnd += colon - from;
        int at = colon + 1;
        while (Characters.whitespace(head[at])) {
            at++;
        }
        int valueEnd = Characters.until((byte) '\r', head, at);
        int next = valueEnd + 2;
        int valueFrom = at;
        while (valueEnd > valueFrom && Characters.whitespace(head[valueEnd - 1])) {
            valueEnd--;
        }
        int kind = FieldKind.known(names, nameFrom, namesEnd);
        if (kind == FieldKind.CONNECTION && names[nameFrom] == 'u') {
            upgradeFrom = valueFrom;
            upgradeTo = valueEnd;
        }
        boolean te = kind == FieldKind.TE && !Characters.equal(head, valueFrom, valueEnd, "trailers");
        if (kind == FieldKind.CONNECTION || te) {
            namesEnd = nameFrom;
            return next;
        }
        hostLine = kind == FieldKind.HOST ? count : hostLine;
        int line = count * WIDTH;
        lines[line] = Characters.sample(names, nameFrom, namesEnd);
        lines[line + 1] = nameFrom;
        lines[line + 2] = namesEnd;
        lines[line + 3] = valueFrom;
        lines[line + 4] = valueEnd;
        count++;
        return next;
    }

    private void write(byte[] head) {
        for (int i = 0; i < count; i++) {
            int line = i * WIDTH;
            if (i != hostLine) {
                encoder.field(
                        lines[line], names, lines[line + 1], lines[line + 2], head, lines[line + 3], lines[line + 4]);
            }
        }
    }

    private static int hash(byte[] name) {
        return Characters.sample(name, 0, name.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
