package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request target (RFC 9112 section 3.2) and the authority that it is for: the target's own when it is an absolute URI,
 * else the Host field's.
 */
public final class Target {

    /** Where the target stands. */
    public enum Form {
        ORIGIN,
        ABSOLUTE,
        AUTHORITY,
        ASTERISK
    }

    private static final int PORT_MAX = 65_535;
    private static final String CONNECT = "connect";

    private final CachedText pathText = new CachedText();
    private final CachedText authorityText = new CachedText();
    private String hostOf = "";
    private String host = "";

    private byte[] bytes = {};
    private Form form = Form.ORIGIN;
    private int start;
    private int end;
    private int pathStart;
    private int pathEnd;
    private int authorityStart;
    private int authorityEnd;

    void at(int start, int end) {
        this.start = start;
        this.end = end;
    }

    @Nullable
    ProtocolProblem check(byte[] bytes, int methodLength, int methodStart, Fields fields) {
        this.bytes = bytes;
        int hostField = fields.hostField();
        authorityStart = hostField < 0 ? 0 : fields.valueStart(hostField);
        authorityEnd = hostField < 0 ? 0 : fields.valueEnd(hostField);
        if (!authorityIsSound()) {
            return ProtocolProblem.BAD_HOST;
        }
        pathStart = start;
        if (methodLength == CONNECT.length()
                && FieldText.equalsIgnoreCase(bytes, methodStart, methodStart + methodLength, CONNECT)) {
            return tunnel() ? null : ProtocolProblem.BAD_TARGET;
        }
        if (bytes[start] == '/') {
            form = Form.ORIGIN;
        } else if (end - start == 1 && bytes[start] == '*') {
            form = Form.ASTERISK;
            boolean options = FieldText.equalsIgnoreCase(bytes, methodStart, methodStart + methodLength, "options");
            pathEnd = end;
            return options ? null : ProtocolProblem.BAD_TARGET;
        } else if (!absolute()) {
            return ProtocolProblem.BAD_TARGET;
        }
        pathEnd = pathStart;
        while (pathEnd < end && bytes[pathEnd] != '?') {
            pathEnd++;
        }
        return null;
    }

    /** A host with its port, and nothing else (RFC 9112 section 3.2.3). */
    private boolean tunnel() {
        form = Form.AUTHORITY;
        pathStart = end;
        pathEnd = end;
        authorityStart = start;
        authorityEnd = end;
        int host = hostEnd();
        return host > start && host + 1 < end && bytes[start] != '*' && authorityIsSound();
    }

    private boolean absolute() {
        form = Form.ABSOLUTE;
        int http = 7;
        int https = 8;
        if (FieldText.equalsIgnoreCase(bytes, start, Math.min(end, start + http), "http://")) {
            authorityStart = start + http;
        } else if (FieldText.equalsIgnoreCase(bytes, start, Math.min(end, start + https), "https://")) {
            authorityStart = start + https;
        } else {
            return false;
        }
        authorityEnd = authorityStart;
        while (authorityEnd < end && bytes[authorityEnd] != '/' && bytes[authorityEnd] != '?') {
            authorityEnd++;
        }
        pathStart = authorityEnd;
        return authorityEnd > authorityStart && authorityIsSound();
    }

    /** A host with an optional port; also keeps out user names, which only serve to deceive. */
    private boolean authorityIsSound() {
        int colons = 0;
        boolean bracket = authorityStart < authorityEnd && bytes[authorityStart] == '[';
        for (int i = authorityStart; i < authorityEnd; i++) {
            if (!Characters.HOST[bytes[i] & 0xff]) {
                return false;
            }
            if (bytes[i] == ']') {
                colons = 0;
            } else if (bytes[i] == ':' && ++colons > 1 && !bracket) {
                return false;
            }
        }
        int at = hostEnd();
        if (bracket && (at < 1 || bytes[at - 1] != ']')) {
            return false;
        }
        if (at == authorityEnd || at + 1 == authorityEnd) {
            return true; // no port, or none behind the colon (RFC 3986 section 3.2.3)
        }
        long port = FieldText.decimal(bytes, at + 1, authorityEnd);
        return port >= 0 && port <= PORT_MAX;
    }

    private int hostEnd() {
        int at = authorityEnd;
        while (at > authorityStart && bytes[at - 1] != ':' && bytes[at - 1] != ']') {
            at--;
        }
        return at > authorityStart && bytes[at - 1] == ':' ? at - 1 : authorityEnd;
    }

    public Form form() {
        return form;
    }

    /** Without the query; {@code /} when an absolute URI has none; {@code *} as it is. */
    public String path() {
        return pathStart == pathEnd ? "/" : pathText.of(bytes, pathStart, pathEnd);
    }

    /** With its question mark; empty when there is none. */
    public String query() {
        return new String(bytes, pathEnd, Math.max(pathEnd, end) - pathEnd, StandardCharsets.ISO_8859_1);
    }

    /** As sent: host and optional port; empty when HTTP/1.0 sent none. */
    public String authority() {
        return authorityText.of(bytes, authorityStart, authorityEnd);
    }

    /** The authority's host, lower case, without a dot at its end. */
    public String host() {
        String authority = authority();
        if (!hostOf.equals(authority)) {
            hostOf = authority;
            String lower = authority.substring(0, hostEnd() - authorityStart).toLowerCase(Locale.ROOT);
            host = lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
        }
        return host;
    }

    /** The authority's port, or the scheme's default when it names none. */
    public int port(int schemeDefault) {
        int at = hostEnd();
        long port = at < authorityEnd ? FieldText.decimal(bytes, at + 1, authorityEnd) : -1;
        return port > 0 && port < 65536 ? (int) port : schemeDefault;
    }

    int start() {
        return start;
    }

    /** Where the query, and so the target, ends. */
    public int end() {
        return end;
    }

    public int pathEnd() {
        return pathEnd;
    }

    public int pathStart() {
        return pathStart;
    }

    public int authorityStart() {
        return authorityStart;
    }

    public int authorityEnd() {
        return authorityEnd;
    }
}
