package dev.weft.apiserver.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Walks over the fields of one protobuf message (protobuf.dev/programming-guides/encoding). */
final class Wire {

    private static final int VARINT = 0;
    private static final int LENGTH = 2;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int type;

    Wire(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    boolean hasNext() {
        return position < end;
    }

    /** Goes to the next field; its number. */
    int next() {
        long tag = varint();
        type = (int) (tag & 7);
        if (type != VARINT && type != LENGTH) {
            throw new ProtobufException("a field has wire type " + type + ", which Kubernetes does not use");
        }
        return (int) (tag >>> 3);
    }

    /** The number in this field. */
    long number() {
        if (type != VARINT) {
            throw new ProtobufException("a field holds bytes instead of a number");
        }
        return varint();
    }

    /** The bytes in this field. */
    byte[] content() {
        if (type != LENGTH) {
            throw new ProtobufException("a field holds a number instead of bytes");
        }
        long length = varint();
        if (length < 0 || length > end - position) {
            throw new ProtobufException("a field is longer than its message");
        }
        byte[] content = Arrays.copyOfRange(bytes, position, position + (int) length);
        position += (int) length;
        return content;
    }

    String text() {
        return new String(content(), StandardCharsets.UTF_8);
    }

    void skip() {
        if (type == VARINT) {
            varint();
        } else {
            content();
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            if (position == end) {
                throw new ProtobufException("the message ends inside a number");
            }
            byte next = bytes[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new ProtobufException("a number is longer than ten bytes");
    }
}
