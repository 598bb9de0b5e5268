package dev.weft.proxy.access;

/**
 * Finds the segments {@code .} and {@code ..} (RFC 3986 section 5.2.4), written plainly or with percent signs. A program
 * that removes them reads another path than a rule that looks at the path as it came.
 */
final class DotSegments {

    private DotSegments() {}

    static boolean in(String path) {
        int at = 0;
        while (at < path.length()) {
            int dots = 0;
            int from = at;
            for (int length = dot(path, at); length > 0; length = dot(path, at)) {
                dots++;
                at += length;
            }
            int separator = separator(path, at);
            boolean ends = at == path.length() || separator > 0;
            if (ends && at > from && dots <= 2) {
                return true;
            }
            while (at < path.length() && separator == 0) {
                at++;
                separator = separator(path, at);
            }
            at += separator;
        }
        return false;
    }

    /** How many characters the dot at this place takes, 0 when there is none. */
    private static int dot(String path, int at) {
        if (at < path.length() && path.charAt(at) == '.') {
            return 1;
        }
        return path.regionMatches(true, at, "%2e", 0, 3) ? 3 : 0;
    }

    /** Likewise for what separates segments; some programs take a backslash for a slash. */
    private static int separator(String path, int at) {
        if (at < path.length() && (path.charAt(at) == '/' || path.charAt(at) == '\\')) {
            return 1;
        }
        return path.regionMatches(true, at, "%2f", 0, 3) || path.regionMatches(true, at, "%5c", 0, 3) ? 3 : 0;
    }
}
