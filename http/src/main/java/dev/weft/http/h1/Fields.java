package dev.weft.http.h1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The header section of one head as offsets into its bytes, and what the fields that concern the connection say. Filled
 * line by line; used again for the next head. One user at a time.
 */
public final class Fields {

    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int HASH = 4;
    private static final int LINE_END = 5;
    private static final int WIDTH = 6;

    /** Lengths of the names that {@link #note} knows, one bit each. */
    private static final int KNOWN_LENGTHS = lengths(
            HeaderName.HOST,
            HeaderName.CONNECTION,
            HeaderName.CONTENT_LENGTH,
            HeaderName.TRANSFER_ENCODING,
            HeaderName.UPGRADE,
            HeaderName.KEEP_ALIVE,
            HeaderName.TE,
            HeaderName.PROXY_CONNECTION,
            HeaderName.PROXY_AUTHORIZATION);

    private byte[] bytes = {};
    private int[] table = new int[32 * WIDTH];
    private long[] dropped = new long[4];
    private int count;

    private int hostField;
    private long contentLength;
    private boolean chunked;
    private boolean close;
    private boolean keepAlive;
    private boolean upgrade;
    private boolean nominates;

    void reset() {
        for (int word = (count - 1) >> 6; word >= 0; word--) {
            dropped[word] = 0;
        }
        count = 0;
        hostField = -1;
        contentLength = -1;
        chunked = false;
        close = false;
        keepAlive = false;
        upgrade = false;
        nominates = false;
    }

    /** The array may have been replaced by a longer copy since the last line. */
    void over(byte[] bytes) {
        this.bytes = bytes;
    }

    public int count() {
        return count;
    }

    /** The first field with this name, -1 when there is none. */
    public int find(HeaderName name) {
        return findFrom(name, 0);
    }

    /** The first field with this name at or after this index, -1 when there is none. */
    public int findFrom(HeaderName name, int index) {
        int hash = name.hash();
        for (int i = index; i < count; i++) {
            int at = i * WIDTH;
            if (table[at + HASH] == hash && name.matches(bytes, table[at + NAME_START], table[at + NAME_END])) {
                return i;
            }
        }
        return -1;
    }

    /** As {@link #find(HeaderName)}, for a name that was not prepared; lower case. */
    public int find(String name) {
        for (int i = 0; i < count; i++) {
            int at = i * WIDTH;
            if (FieldText.equalsIgnoreCase(bytes, table[at + NAME_START], table[at + NAME_END], name)) {
                return i;
            }
        }
        return -1;
    }

    /** The first field at or after this index with an underscore in its name, -1 when there is none. */
    public int findUnderscored(int index) {
        for (int i = index; i < count; i++) {
            int end = table[i * WIDTH + NAME_END];
            for (int at = table[i * WIDTH + NAME_START]; at < end; at++) {
                if (bytes[at] == '_') {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Whether the field at this index has this name; lower case. */
    public boolean isNamed(int index, String name) {
        int at = index * WIDTH;
        return FieldText.equalsIgnoreCase(bytes, table[at + NAME_START], table[at + NAME_END], name);
    }

    /** The first value of this field; bytes above 127 read as ISO-8859-1. */
    public Optional<String> value(HeaderName name) {
        int index = find(name);
        return index < 0 ? Optional.empty() : Optional.of(value(index));
    }

    public String value(int index) {
        int from = valueStart(index);
        return new String(bytes, from, valueEnd(index) - from, StandardCharsets.ISO_8859_1);
    }

    public String name(int index) {
        int at = index * WIDTH;
        int from = table[at + NAME_START];
        return new String(bytes, from, table[at + NAME_END] - from, StandardCharsets.ISO_8859_1);
    }

    public int valueStart(int index) {
        return table[index * WIDTH + VALUE_START];
    }

    public int valueEnd(int index) {
        return table[index * WIDTH + VALUE_END];
    }

    /** Leaves a field out when the head is forwarded. */
    public void drop(int index) {
        dropped[index >> 6] |= 1L << (index & 63);
    }

    /** Leaves all fields with this name out when the head is forwarded. */
    public void drop(HeaderName name) {
        for (int i = find(name); i >= 0; i = findFrom(name, i + 1)) {
            drop(i);
        }
    }

    /** As {@link #drop(HeaderName)}, where an underscore in a field's name counts as a dash. */
    public void dropLike(HeaderName name) {
        for (int i = 0; i < count; i++) {
            int at = i * WIDTH;
            if (name.matchesLike(bytes, table[at + NAME_START], table[at + NAME_END])) {
                drop(i);
            }
        }
    }

    /** Leaves all fields whose names begin so out when the head is forwarded; lower case. */
    public void dropStartingWith(String prefix) {
        for (int i = 0; i < count; i++) {
            int start = table[i * WIDTH + NAME_START];
            int end = Math.min(start + prefix.length(), table[i * WIDTH + NAME_END]);
            if (FieldText.equalsIgnoreCase(bytes, start, end, prefix)) {
                drop(i);
            }
        }
    }

    public boolean dropped(int index) {
        return (dropped[index >> 6] & 1L << (index & 63)) != 0;
    }

    int lineStart(int index) {
        return table[index * WIDTH + NAME_START];
    }

    int lineEnd(int index) {
        return table[index * WIDTH + LINE_END];
    }

    int hostField() {
        return hostField;
    }

    /** In bytes; -1 when the field is absent. */
    public long contentLength() {
        return contentLength;
    }

    boolean chunked() {
        return chunked;
    }

    boolean close() {
        return close;
    }

    boolean keepAlive() {
        return keepAlive;
    }

    boolean upgrade() {
        return upgrade;
    }

    /** Enters one field; {@code null} when it is acceptable. */
    @Nullable
    ProtocolProblem add(
            int nameStart, int nameEnd, int valueStart, int valueEnd, int hash, int lineEnd, int fieldsMax) {
        if (count == fieldsMax) {
            return ProtocolProblem.TOO_MANY_FIELDS;
        }
        if ((count + 1) * WIDTH > table.length) {
            table = Arrays.copyOf(table, table.length * 2);
        }
        if (count >> 6 == dropped.length) {
            dropped = Arrays.copyOf(dropped, dropped.length * 2);
        }
        int at = count * WIDTH;
        table[at + NAME_START] = nameStart;
        table[at + NAME_END] = nameEnd;
        table[at + VALUE_START] = valueStart;
        table[at + VALUE_END] = valueEnd;
        table[at + HASH] = hash;
        table[at + LINE_END] = lineEnd;
        int index = count++;
        int length = nameEnd - nameStart;
        boolean known = length < 32 && (KNOWN_LENGTHS >>> length & 1) != 0;
        return known ? note(index, hash) : null;
    }

    private boolean is(int index, int hash, HeaderName name) {
        int at = index * WIDTH;
        return hash == name.hash() && name.matches(bytes, table[at + NAME_START], table[at + NAME_END]);
    }

    /** Reads the fields that concern this connection alone or the message's framing. */
    private @Nullable ProtocolProblem note(int index, int hash) {
        if (is(index, hash, HeaderName.HOST)) {
            if (hostField >= 0) {
                return ProtocolProblem.HOST_REPEATED;
            }
            hostField = index;
        } else if (is(index, hash, HeaderName.CONTENT_LENGTH)) {
            return noteLength(index);
        } else if (is(index, hash, HeaderName.TRANSFER_ENCODING)) {
            return noteCoding(index);
        } else if (is(index, hash, HeaderName.CONNECTION)) {
            drop(index);
            noteConnection(index);
        } else if (is(index, hash, HeaderName.UPGRADE)
                || is(index, hash, HeaderName.KEEP_ALIVE)
                || is(index, hash, HeaderName.TE)
                || is(index, hash, HeaderName.PROXY_CONNECTION)
                || is(index, hash, HeaderName.PROXY_AUTHORIZATION)) {
            drop(index);
        }
        return null;
    }

    private @Nullable ProtocolProblem noteLength(int index) {
        if (contentLength >= 0) {
            return ProtocolProblem.LENGTH_REPEATED;
        }
        long length = FieldText.decimal(bytes, valueStart(index), valueEnd(index));
        if (length < 0) {
            return ProtocolProblem.BAD_LENGTH;
        }
        contentLength = length;
        return chunked ? ProtocolProblem.LENGTH_AND_CODING : null;
    }

    private @Nullable ProtocolProblem noteCoding(int index) {
        if (contentLength >= 0) {
            return ProtocolProblem.LENGTH_AND_CODING;
        }
        if (chunked) {
            return ProtocolProblem.BAD_CODING;
        }
        chunked = FieldText.equalsIgnoreCase(bytes, valueStart(index), valueEnd(index), "chunked");
        if (chunked) {
            return null;
        }
        return endsInChunked(valueStart(index), valueEnd(index))
                ? ProtocolProblem.CODING_UNSUPPORTED
                : ProtocolProblem.BAD_CODING;
    }

    /** Whether it is a list of tokens of which the last alone is "chunked": understood, but not spoken here. */
    private boolean endsInChunked(int from, int end) {
        int at = from;
        while (at < end) {
            int to = FieldText.tokenEnd(bytes, at, end);
            for (int i = at; i < to; i++) {
                if (Characters.TOKEN[bytes[i] & 0xff] == 0) {
                    return false;
                }
            }
            int next = FieldText.nextToken(bytes, to, end);
            if (to == at || next == end) {
                return to > at && to == end && FieldText.equalsIgnoreCase(bytes, at, to, "chunked");
            }
            if (FieldText.equalsIgnoreCase(bytes, at, to, "chunked")) {
                return false;
            }
            at = next;
        }
        return false;
    }

    private void noteConnection(int index) {
        int end = valueEnd(index);
        int from = valueStart(index);
        while (from < end) {
            int to = FieldText.tokenEnd(bytes, from, end);
            if (FieldText.equalsIgnoreCase(bytes, from, to, "close")) {
                close = true;
            } else if (FieldText.equalsIgnoreCase(bytes, from, to, "keep-alive")) {
                keepAlive = true;
            } else if (FieldText.equalsIgnoreCase(bytes, from, to, "upgrade")) {
                upgrade = true;
            } else if (to > from) {
                nominates = true;
            }
            from = FieldText.nextToken(bytes, to, end);
        }
    }

    /**
     * Drops the fields that Connection names (RFC 9110 section 7.6.1), but for those that carry the framing and those that
     * say who asks: what judges them here would see others than the service.
     */
    void dropNominated() {
        if (!nominates) {
            return;
        }
        for (int i = find(HeaderName.CONNECTION); i >= 0; i = findFrom(HeaderName.CONNECTION, i + 1)) {
            int end = valueEnd(i);
            for (int from = valueStart(i); from < end; ) {
                int to = FieldText.tokenEnd(bytes, from, end);
                dropNamed(from, to);
                from = FieldText.nextToken(bytes, to, end);
            }
        }
    }

    private void dropNamed(int from, int to) {
        boolean kept = HeaderName.HOST.matches(bytes, from, to)
                || HeaderName.CONTENT_LENGTH.matches(bytes, from, to)
                || HeaderName.TRANSFER_ENCODING.matches(bytes, from, to)
                || HeaderName.AUTHORIZATION.matches(bytes, from, to)
                || HeaderName.COOKIE.matches(bytes, from, to);
        for (int i = 0; !kept && i < count; i++) {
            int at = i * WIDTH;
            if (FieldText.sameIgnoringCase(bytes, from, to, table[at + NAME_START], table[at + NAME_END])) {
                drop(i);
            }
        }
    }

    private static int lengths(HeaderName... names) {
        int bits = 0;
        for (HeaderName name : names) {
            bits |= 1 << name.length();
        }
        return bits;
    }
}
