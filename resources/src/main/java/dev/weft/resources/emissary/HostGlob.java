package dev.weft.resources.emissary;

import java.util.Optional;

/** Emissary's host patterns: a name, {@code *}, or one {@code *} that is a whole label at one end. */
public final class HostGlob {

    private HostGlob() {}

    /** Whether some name matches both; {@code *} never stands for an empty text. */
    public static boolean meet(String a, String b) {
        if (a.equals(b) || a.equals("*") || b.equals("*")) {
            return true;
        }
        boolean globA = a.indexOf('*') >= 0;
        boolean globB = b.indexOf('*') >= 0;
        if (!globA && !globB) {
            return false;
        }
        if (globA && globB) {
            boolean suffixes = a.startsWith("*") && b.startsWith("*");
            boolean prefixes = a.endsWith("*") && b.endsWith("*");
            if (suffixes) {
                return a.endsWith(b.substring(1)) || b.endsWith(a.substring(1));
            }
            if (prefixes) {
                return a.startsWith(cut(b)) || b.startsWith(cut(a));
            }
            return true; // one fixes the front, the other the end: some name has both
        }
        return globA ? matches(a, b) : matches(b, a);
    }

    /** Whether the pattern matches the name. */
    public static boolean matches(String pattern, String name) {
        if (pattern.equals("*")) {
            return !name.isEmpty();
        }
        if (pattern.startsWith("*")) {
            return name.length() >= pattern.length() && name.endsWith(pattern.substring(1));
        }
        if (pattern.endsWith("*")) {
            return name.length() >= pattern.length() && name.startsWith(cut(pattern));
        }
        return pattern.equals(name);
    }

    /** What is wrong with the pattern, if anything. */
    public static Optional<String> problem(String pattern) {
        int star = pattern.indexOf('*');
        boolean one = star == pattern.lastIndexOf('*');
        boolean whole = pattern.equals("*") || pattern.startsWith("*.") || pattern.endsWith(".*");
        if (pattern.isEmpty()) {
            return Optional.of("empty.");
        }
        if (star >= 0 && (!one || !whole)) {
            return Optional.of("\"" + pattern + "\": a * must be one whole label at one end.");
        }
        boolean odd = pattern.chars().anyMatch(c -> c <= ' ' || c == '/' || c == ':' || c > '~');
        return odd ? Optional.of("\"" + pattern + "\" is no host name.") : Optional.empty();
    }

    private static String cut(String pattern) {
        return pattern.substring(0, pattern.length() - 1);
    }
}
