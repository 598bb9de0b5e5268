package dev.weft.http.h1;

/** Reads small things out of field values, without making strings. */
final class FieldText {

    /** More digits than any real length; keeps the arithmetic from overflowing. */
    private static final int DIGITS_MAX = 18;

    private FieldText() {}

    /** @param text lower case ASCII */
    static boolean equalsIgnoreCase(byte[] bytes, int from, int to, String text) {
        if (to - from != text.length()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (lower(bytes[from + i]) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** @param text lower case ASCII */
    static boolean endsWithIgnoreCase(byte[] bytes, int from, int to, String text) {
        return to - from >= text.length() && equalsIgnoreCase(bytes, to - text.length(), to, text);
    }

    static boolean sameIgnoringCase(byte[] bytes, int from, int to, int otherFrom, int otherTo) {
        if (to - from != otherTo - otherFrom) {
            return false;
        }
        for (int i = 0; i < to - from; i++) {
            if (lower(bytes[from + i]) != lower(bytes[otherFrom + i])) {
                return false;
            }
        }
        return true;
    }

    /** The number, or -1 when it is none. */
    static long decimal(byte[] bytes, int from, int to) {
        if (from == to || to - from > DIGITS_MAX) {
            return -1;
        }
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    /** The end of the list element that begins here, without the whitespace before the comma. */
    static int tokenEnd(byte[] bytes, int from, int end) {
        int to = from;
        while (to < end && bytes[to] != ',') {
            to++;
        }
        while (to > from && Characters.whitespace(bytes[to - 1])) {
            to--;
        }
        return to;
    }

    /** The start of the next list element. */
    static int nextToken(byte[] bytes, int from, int end) {
        int at = from;
        while (at < end && (bytes[at] == ',' || Characters.whitespace(bytes[at]))) {
            at++;
        }
        return at;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b + 32 : b;
    }
}
