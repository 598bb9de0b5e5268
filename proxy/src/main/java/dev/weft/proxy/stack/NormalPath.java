package dev.weft.proxy.stack;

import dev.weft.model.traffic.EdgeRules;
import java.util.ArrayDeque;
import java.util.Deque;

/** The normal form of a path (RFC 3986 section 6.2.2), or why it has none that everybody agrees on. */
sealed interface NormalPath {

    record Normal(String path) implements NormalPath {}

    /** Programs read it in different ways; {@code why} is one sentence. */
    record Refused(String why) implements NormalPath {}

    /** The client is to ask for this path instead. */
    record Elsewhere(String path) implements NormalPath {}

    /** Whether nothing in it could be written in another way; most paths are like that. */
    static boolean isNormal(byte[] bytes, int from, int to) {
        byte before = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '%' || (before == '/' && (b == '.' || b == '/'))) {
                return false;
            }
            before = b;
        }
        return true;
    }

    static NormalPath of(String path, EdgeRules.Heads rules) {
        StringBuilder decoded = new StringBuilder(path.length());
        boolean slashes = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '%') {
                decoded.append(c);
                continue;
            }
            int code = code(path, i);
            if (code < 0) {
                return new Refused("The path has a percent sign without two hexadecimal digits behind it.");
            }
            if (code == 0) {
                return new Refused("The path has the character %00.");
            }
            if (code == '/' || code == '\\') {
                if (rules.escapedSlashes() == EdgeRules.EscapedSlashes.REFUSE) {
                    return new Refused("The path has an escaped slash, " + path.substring(i, i + 3)
                            + ", which some programs read as a slash.");
                }
                slashes |= rules.escapedSlashes() == EdgeRules.EscapedSlashes.REDIRECT;
            }
            if (unreserved(code)) {
                decoded.append((char) code);
            } else if (slashes && (code == '/' || code == '\\')) {
                decoded.append('/');
            } else {
                decoded.append(path, i, i + 3);
            }
            i += 2;
        }
        NormalPath normal = withoutDots(decoded.toString(), rules.mergeSlashes());
        return slashes && normal instanceof Normal(String there) ? new Elsewhere(there) : normal;
    }

    private static NormalPath withoutDots(String path, boolean mergeSlashes) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.substring(1).split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            String segment = segments[i];
            boolean last = i == segments.length - 1;
            if (segment.startsWith("..;") || segment.startsWith(".;")) {
                return new Refused("The path has a segment " + segment.substring(0, segment.indexOf(';') + 1)
                        + " that some programs read as dots.");
            }
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.equals(".") && (!mergeSlashes || !segment.isEmpty() || last)) {
                kept.addLast(segment);
                continue;
            }
            if (last) {
                kept.addLast(""); // the directory itself
            }
        }
        return new Normal("/" + String.join("/", kept));
    }

    private static int code(String path, int percent) {
        if (percent + 2 >= path.length()) {
            return -1;
        }
        int high = Character.digit(path.charAt(percent + 1), 16);
        int low = Character.digit(path.charAt(percent + 2), 16);
        return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    private static boolean unreserved(int c) {
        boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
    }
}
