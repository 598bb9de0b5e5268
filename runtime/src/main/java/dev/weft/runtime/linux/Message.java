package dev.weft.runtime.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Netlink messages as the kernel reads them (netlink(7)): header, a family's own part, attributes that may nest. Numbers are
 * in the machine's order, except where a method says network order.
 */
final class Message {

    private static final int HEADER_BYTES = 16;
    private static final int NESTED = 0x8000;
    private static final int CAPACITY = 16 * 1024;

    private final ByteBuffer bytes = ByteBuffer.allocate(CAPACITY).order(ByteOrder.nativeOrder());
    private int sequence;
    private int start = -1;

    /** Begins the next message. */
    Message begin(int type, int flags) {
        end();
        start = bytes.position();
        bytes.putInt(0)
                .putShort((short) type)
                .putShort((short) flags)
                .putInt(++sequence)
                .putInt(0);
        return this;
    }

    Message bytes(int... values) {
        for (int value : values) {
            bytes.put((byte) value);
        }
        return this;
    }

    Message number(int value) {
        bytes.putInt(value);
        return this;
    }

    Message attribute(int type, byte[] value) {
        return attribute(type, inside -> inside.bytes.put(value), 0);
    }

    Message attribute(int type, int value) {
        return attribute(type, inside -> inside.bytes.putInt(value), 0);
    }

    /** A number of four bytes in network order. */
    Message network(int type, int value) {
        return attribute(type, inside -> inside.bytes.putInt(inNetworkOrder(value)), 0);
    }

    /** A text with the zero at its end. */
    Message text(int type, String value) {
        return attribute(
                type,
                inside ->
                        inside.bytes.put(value.getBytes(StandardCharsets.UTF_8)).put((byte) 0),
                0);
    }

    /** Attributes within an attribute. */
    Message nest(int type, Consumer<Message> content) {
        return attribute(type, content, NESTED);
    }

    private Message attribute(int type, Consumer<Message> content, int mark) {
        int at = bytes.position();
        bytes.putShort((short) 0).putShort((short) (type | mark));
        content.accept(this);
        bytes.putShort(at, (short) (bytes.position() - at));
        pad();
        return this;
    }

    private void pad() {
        while (bytes.position() % 4 != 0) {
            bytes.put((byte) 0);
        }
    }

    private void end() {
        if (start >= 0) {
            bytes.putInt(start, bytes.position() - start);
            start = -1;
        }
    }

    /** All messages, one after the other. */
    byte[] toBytes() {
        end();
        byte[] all = new byte[bytes.position()];
        bytes.get(0, all);
        return all;
    }

    /** How many were begun. */
    int count() {
        return sequence;
    }

    static int headerBytes() {
        return HEADER_BYTES;
    }

    private static int inNetworkOrder(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }
}
