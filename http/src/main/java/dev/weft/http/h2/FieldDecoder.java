package dev.weft.http.h2;

/** HPACK's decoder (RFC 7541): the state that a peer's header blocks build up, and the way from a block to a head. */
final class FieldDecoder {

    private static final int INTEGER_MAX = 1 << 24;

    private final DecodingTable table;
    private int sizeLimit;
    private byte[] block = {};
    private int at;
    private int end;

    /** @param tableBytes what this side's settings say, or 4,096 while the peer may not have seen them */
    FieldDecoder(int tableBytes) {
        this.sizeLimit = tableBytes;
        this.table = new DecodingTable(tableBytes);
    }

    /** From now on the peer may not use a larger table. */
    void sizeLimit(int bytes) {
        sizeLimit = bytes;
        if (table.sizeMax() > bytes) {
            table.sizeMax(bytes);
        }
    }

    DecodingTable table() {
        return table;
    }

    /** Decodes one whole block; false when it is no HPACK, after which the connection cannot go on. */
    boolean decode(byte[] bytes, int from, int to, HeadBuilder head) {
        block = bytes;
        at = from;
        end = to;
        boolean fields = false;
        while (at < to) {
            int first = bytes[at];
            boolean sound;
            if (first < 0) {
                fields = true;
                sound = indexed(head);
            } else if ((first & 0x40) != 0) {
                fields = true;
                sound = literal(6, true, head);
            } else if ((first & 0x20) != 0) {
                sound = !fields && resize();
            } else {
                fields = true;
                sound = literal(4, false, head);
            }
            if (!sound) {
                return false;
            }
        }
        return true;
    }

    private boolean resize() {
        int bytes = integer(5);
        if (bytes < 0 || bytes > sizeLimit) {
            return false;
        }
        table.sizeMax(bytes);
        return true;
    }

    private boolean indexed(HeadBuilder head) {
        int index = integer(7);
        if (index <= 0) {
            return false;
        }
        if (index <= StaticTable.COUNT) {
            head.copy(
                    StaticTable.LINES,
                    StaticTable.lineStart(index),
                    StaticTable.nameLength(index),
                    StaticTable.valueLength(index),
                    StaticTable.kind(index));
            return true;
        }
        int dynamic = index - StaticTable.COUNT - 1;
        if (dynamic >= table.count()) {
            return false;
        }
        int slot = table.slot(dynamic);
        head.copy(
                table.lines(),
                table.lineStart(slot),
                table.nameLength(slot),
                table.valueLength(slot),
                table.kind(slot));
        return true;
    }

    private boolean literal(int prefix, boolean keep, HeadBuilder head) {
        int index = integer(prefix);
        if (index < 0) {
            return false;
        }
        int line = head.lineAt();
        int nameLength;
        byte kind;
        if (index == 0) {
            int nameEnd = text(head, line);
            nameLength = nameEnd - line;
            if (nameEnd < 0) {
                return false;
            }
            kind = FieldKind.of(head.buffer(), line, nameEnd);
        } else if (index <= StaticTable.COUNT) {
            nameLength = StaticTable.nameLength(index);
            kind = StaticTable.kind(index);
            System.arraycopy(
                    StaticTable.LINES, StaticTable.lineStart(index), head.room(line, nameLength), line, nameLength);
        } else {
            int dynamic = index - StaticTable.COUNT - 1;
            if (dynamic >= table.count()) {
                return false;
            }
            int slot = table.slot(dynamic);
            nameLength = table.nameLength(slot);
            kind = (byte) (table.kind(slot) & ~FieldKind.BAD_VALUE);
            System.arraycopy(table.lines(), table.lineStart(slot), head.room(line, nameLength), line, nameLength);
        }
        return value(head, line, nameLength, kind, keep);
    }

    private boolean value(HeadBuilder head, int line, int nameLength, byte nameKind, boolean keep) {
        int from = line + nameLength + 2;
        int to = text(head, from);
        if (to < 0) {
            return false;
        }
        byte[] buffer = head.room(to, 2);
        buffer[from - 2] = ':';
        buffer[from - 1] = ' ';
        buffer[to] = '\r';
        buffer[to + 1] = '\n';
        boolean sound = Characters.value(buffer, from, to);
        byte kind = sound ? nameKind : (byte) (nameKind | FieldKind.BAD_VALUE);
        if (keep) {
            table.add(buffer, line, nameLength, to - from, kind);
        }
        head.written(nameLength, to - from, kind);
        return true;
    }

    /** Decodes a string literal into the head's buffer at this offset; returns its end there, or a negative number. */
    private int text(HeadBuilder head, int out) {
        if (at == end) {
            return -1;
        }
        boolean coded = block[at] < 0;
        int length = integer(7);
        if (length < 0 || length > end - at) {
            return -1;
        }
        int from = at;
        at += length;
        if (coded) {
            return Huffman.decode(block, from, at, head.room(out, Huffman.lengthMax(length)), out);
        }
        System.arraycopy(block, from, head.room(out, length), out, length);
        return out + length;
    }

    /** An integer with a prefix of this many bits (RFC 7541 section 5.1); negative when there is none or too large a one. */
    private int integer(int prefix) {
        if (at == end) {
            return -1;
        }
        int mask = (1 << prefix) - 1;
        int value = block[at++] & mask;
        if (value < mask) {
            return value;
        }
        for (int shift = 0; shift <= 21 && at < end; shift += 7) {
            int next = block[at++];
            value += (next & 0x7f) << shift;
            if (value < 0 || value > INTEGER_MAX) {
                return -1;
            }
            if (next >= 0) {
                return value;
            }
        }
        return -1;
    }
}
