package dev.weft.proxy.relay;

import dev.weft.http.transport.Received;

/**
 * Tells whether the first line that somebody says is a request line of HTTP, by the most lenient reading that programs are
 * known for: any white space between its words, before it, and within its target, any letter case, any line end. Bytes pass
 * by; none is kept, and none after the line is looked at. Used for one connection.
 */
final class FirstLine {

    private static final String VERSION = "HTTP/";
    private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";
    private static final int NO_VERSION = -1;

    private enum Place {
        BEFORE,
        METHOD,
        BETWEEN,
        WORD,
        AFTER
    }

    private Place place = Place.BEFORE;

    /** Of the line so far, without the method. */
    private int words;

    /** How much of a version the word at hand is; beyond {@link #VERSION}'s length a number follows it. */
    private int version;

    /** Whether it turned out to be one with these. */
    boolean isRequest(Received bytes, int from, int to) {
        for (int i = from; i < to && place != Place.AFTER; i++) {
            if (next(bytes.at(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean next(byte b) {
        switch (place) {
            case BEFORE -> {
                if (isToken(b)) {
                    place = Place.METHOD;
                } else if (!isSpace(b) && !isLineEnd(b)) {
                    place = Place.AFTER;
                }
            }
            case METHOD -> {
                if (isSpace(b)) {
                    place = Place.BETWEEN;
                } else if (!isToken(b)) {
                    place = Place.AFTER;
                }
            }
            case BETWEEN, WORD -> {
                return word(b);
            }
            case AFTER -> {}
        }
        return false;
    }

    private boolean word(byte b) {
        if (isLineEnd(b)) {
            boolean request = words > 1 && version > VERSION.length();
            place = Place.AFTER;
            return request;
        }
        if (isSpace(b)) {
            place = Place.BETWEEN;
            return false;
        }
        if (place == Place.BETWEEN) {
            place = Place.WORD;
            version = 0;
            words++;
        }
        if (version != NO_VERSION) {
            version = continues(b) ? version + 1 : NO_VERSION;
        }
        return false;
    }

    private boolean continues(byte b) {
        return version < VERSION.length()
                ? Character.toUpperCase((char) (b & 0xff)) == VERSION.charAt(version)
                : (b >= '0' && b <= '9') || (b == '.' && version > VERSION.length());
    }

    private static boolean isLineEnd(byte b) {
        return b == '\r' || b == '\n';
    }

    /** What some program takes for it, Python's {@code str.split} among them. */
    private static boolean isSpace(byte b) {
        return b == ' '
                || (b >= '\t' && b <= '\f' && b != '\n')
                || (b >= 0x1c && b <= 0x1f)
                || b == (byte) 0x85
                || b == (byte) 0xa0;
    }

    private static boolean isToken(byte b) {
        return (b >= 'A' && b <= 'Z')
                || (b >= 'a' && b <= 'z')
                || (b >= '0' && b <= '9')
                || TOKEN_SYMBOLS.indexOf(b) >= 0;
    }
}
