package dev.weft.proxy.route;

/** The two parts of an authority, {@code host} and {@code host:port}, found in place. */
final class Authority {

    private Authority() {}

    /** Behind the host's last byte: before the port, and before a trailing dot. */
    static int hostEnd(byte[] bytes, int from, int to) {
        int colon = colon(bytes, from, to);
        return colon > from + 1 && bytes[colon - 1] == '.' ? colon - 1 : colon;
    }

    /** The port, {@code absent} where none is written, -1 where what is written is none. */
    static int port(byte[] bytes, int from, int to, int absent) {
        int colon = colon(bytes, from, to);
        if (colon == to) {
            return absent;
        }
        int port = 0;
        for (int i = colon + 1; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || port > 65535) {
                return -1;
            }
            port = port * 10 + digit;
        }
        return port == 0 || port > 65535 ? -1 : port;
    }

    /** The colon before the port, or {@code to}; the colons of an IPv6 address stand in brackets. */
    private static int colon(byte[] bytes, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (bytes[i] == ':') {
                return i;
            }
            if (bytes[i] == ']') {
                return to;
            }
        }
        return to;
    }
}
