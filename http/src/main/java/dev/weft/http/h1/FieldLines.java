package dev.weft.http.h1;

import org.jspecify.annotations.Nullable;

/**
 * Reads a header section (RFC 9112 section 5), byte after byte and only once each, however the bytes arrive. Positions
 * stay valid when the bytes are moved into a longer array at the same offsets.
 */
final class FieldLines {

    static final int INCOMPLETE = -1;
    static final int REFUSED = -2;

    private static final int NAME = 0;
    private static final int BEFORE_VALUE = 1;
    private static final int VALUE = 2;

    private final Fields fields = new Fields();
    private int phase;
    private int lineStart;
    private int at;
    private int hash;
    private int nameEnd;
    private int valueStart;
    private @Nullable ProtocolProblem problem;

    Fields fields() {
        return fields;
    }

    /** Why the last call returned {@link #REFUSED}. */
    @Nullable
    ProtocolProblem problem() {
        return problem;
    }

    void begin(int start) {
        fields.reset();
        problem = null;
        beginLine(start);
    }

    private void beginLine(int start) {
        phase = NAME;
        lineStart = start;
        at = start;
        hash = 0;
    }

    /** The position after the empty line that ends the section, {@link #INCOMPLETE} or {@link #REFUSED}. */
    int read(byte[] bytes, int to, int fieldsMax) {
        fields.over(bytes);
        while (true) {
            if (phase == NAME) {
                int end = name(bytes, to);
                if (end != 0) {
                    return end;
                }
            }
            if (phase == BEFORE_VALUE) {
                while (at < to && Characters.whitespace(bytes[at])) {
                    at++;
                }
                if (at == to) {
                    return INCOMPLETE;
                }
                valueStart = at;
                phase = VALUE;
            }
            int state = value(bytes, to, fieldsMax);
            if (state != 0) {
                return state;
            }
        }
    }

    /** 0 to go on, else what {@link #read} returns. */
    private int name(byte[] bytes, int to) {
        if (at == lineStart && at < to) {
            byte first = bytes[at];
            if (first == '\r') {
                return lastLine(bytes, to);
            }
            if (first == '\n') {
                return refuse(ProtocolProblem.BARE_LINE_BREAK);
            }
            if (Characters.whitespace(first)) {
                return refuse(ProtocolProblem.FOLDED_FIELD);
            }
        }
        int position = at;
        int sum = hash;
        byte lower;
        while (position < to && (lower = Characters.TOKEN[bytes[position] & 0xff]) != 0) {
            sum = sum * 31 + lower;
            position++;
        }
        at = position;
        hash = sum;
        if (position == to) {
            return INCOMPLETE;
        }
        if (bytes[position] != ':' || position == lineStart) {
            return refuse(ProtocolProblem.BAD_FIELD_NAME);
        }
        nameEnd = position;
        at = position + 1;
        phase = BEFORE_VALUE;
        return 0;
    }

    private int lastLine(byte[] bytes, int to) {
        if (at + 1 == to) {
            return INCOMPLETE;
        }
        return bytes[at + 1] == '\n' ? at + 2 : refuse(ProtocolProblem.BARE_LINE_BREAK);
    }

    /** 0 when the line was read whole and the next one begins, else what {@link #read} returns. */
    private int value(byte[] bytes, int to, int fieldsMax) {
        int position = at;
        while (position < to && Characters.VALUE[bytes[position] & 0xff]) {
            position++;
        }
        at = position;
        if (position == to) {
            return INCOMPLETE;
        }
        if (bytes[position] != '\r') {
            return refuse(bytes[position] == '\n' ? ProtocolProblem.BARE_LINE_BREAK : ProtocolProblem.BAD_FIELD_VALUE);
        }
        if (position + 1 == to) {
            return INCOMPLETE;
        }
        if (bytes[position + 1] != '\n') {
            return refuse(ProtocolProblem.BARE_LINE_BREAK);
        }
        int valueEnd = position;
        while (valueEnd > valueStart && Characters.whitespace(bytes[valueEnd - 1])) {
            valueEnd--;
        }
        ProtocolProblem found = fields.add(lineStart, nameEnd, valueStart, valueEnd, hash, position + 2, fieldsMax);
        if (found != null) {
            return refuse(found);
        }
        beginLine(position + 2);
        return 0;
    }

    private int refuse(ProtocolProblem why) {
        problem = why;
        return REFUSED;
    }
}
