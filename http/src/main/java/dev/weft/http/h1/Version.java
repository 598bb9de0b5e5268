package dev.weft.http.h1;

/** {@code HTTP/d.d} (RFC 9112 section 2.3). */
final class Version {

    private Version() {}

    /** The major version in the eight bytes at this offset, or -1 when they are no version. */
    static int major(byte[] bytes, int at) {
        boolean shaped = bytes[at] == 'H'
                && bytes[at + 1] == 'T'
                && bytes[at + 2] == 'T'
                && bytes[at + 3] == 'P'
                && bytes[at + 4] == '/'
                && digit(bytes[at + 5])
                && bytes[at + 6] == '.'
                && digit(bytes[at + 7]);
        return shaped ? bytes[at + 5] - '0' : -1;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }
}
