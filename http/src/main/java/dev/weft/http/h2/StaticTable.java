package dev.weft.http.h2;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** HPACK's static table (RFC 7541 appendix A), with its lines as a head in HTTP/1.1 form has them. */
final class StaticTable {

    /** Indices are 1 to this. */
    static final int COUNT = 61;

    private static final String[] FIELDS = {
        ":authority",
        ":method GET",
        ":method POST",
        ":path /",
        ":path /index.html",
        ":scheme http",
        ":scheme https",
        ":status 200",
        ":status 204",
        ":status 206",
        ":status 304",
        ":status 400",
        ":status 404",
        ":status 500",
        "accept-charset",
        "accept-encoding gzip, deflate",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };

    /** All lines one after the other: {@code name: value CRLF}. */
    static final byte[] LINES;

    private static final int[] START = new int[COUNT + 1];
    private static final int[] NAME_LENGTH = new int[COUNT + 1];
    private static final int[] VALUE_LENGTH = new int[COUNT + 1];
    private static final byte[] KIND = new byte[COUNT + 1];

    /** By a name's hash: its first index. */
    private static final byte[] BY_NAME = new byte[512];

    static {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= COUNT; i++) {
            String field = FIELDS[i - 1];
            int space = field.indexOf(' ');
            String name = space < 0 ? field : field.substring(0, space);
            String value = space < 0 ? "" : field.substring(space + 1);
            START[i] = lines.length();
            NAME_LENGTH[i] = name.length();
            VALUE_LENGTH[i] = value.length();
            lines.append(name).append(": ").append(value).append("\r\n");
        }
        LINES = lines.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 1; i <= COUNT; i++) {
            KIND[i] = FieldKind.known(LINES, START[i], START[i] + NAME_LENGTH[i]);
            enter(i);
        }
    }

    private StaticTable() {}

    private static void enter(int index) {
        int from = START[index];
        int to = from + NAME_LENGTH[index];
        int hash = Characters.sample(LINES, from, to);
        if (nameIndex(hash, LINES, from, to) != 0) {
            return;
        }
        int slot = slot(hash);
        while (BY_NAME[slot] != 0) {
            slot = (slot + 1) & (BY_NAME.length - 1);
        }
        BY_NAME[slot] = (byte) index;
    }

    private static int slot(int hash) {
        return (hash * 0x9E3779B1) >>> 23;
    }

    static int lineStart(int index) {
        return START[index];
    }

    static int nameLength(int index) {
        return NAME_LENGTH[index];
    }

    static int valueLength(int index) {
        return VALUE_LENGTH[index];
    }

    static byte kind(int index) {
        return KIND[index];
    }

    /** The first index with this name, 0 for none. */
    static int nameIndex(int hash, byte[] bytes, int from, int to) {
        int slot = slot(hash);
        while (true) {
            int index = BY_NAME[slot];
            if (index == 0 || nameIs(index, bytes, from, to)) {
                return index;
            }
            slot = (slot + 1) & (BY_NAME.length - 1);
        }
    }

    /** The index of the field with the name at {@code nameIndex} and this value, 0 for none. */
    static int fieldIndex(int nameIndex, byte[] value, int from, int to) {
        if (VALUE_LENGTH[nameIndex] == 0) {
            return 0;
        }
        int index = nameIndex;
        do {
            if (valueIs(index, value, from, to)) {
                return index;
            }
            index++;
        } while (index <= COUNT && KIND[index] == KIND[nameIndex] && FieldKind.pseudo(KIND[index]));
        return 0;
    }

    private static boolean nameIs(int index, byte[] bytes, int from, int to) {
        int start = START[index];
        return to - from == NAME_LENGTH[index] && Arrays.equals(LINES, start, start + to - from, bytes, from, to);
    }

    private static boolean valueIs(int index, byte[] value, int from, int to) {
        int start = START[index] + NAME_LENGTH[index] + 2;
        return to - from == VALUE_LENGTH[index] && Arrays.equals(LINES, start, start + to - from, value, from, to);
    }
}
