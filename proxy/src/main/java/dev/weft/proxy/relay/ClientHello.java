package dev.weft.proxy.relay;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Reads the server name out of a TLS ClientHello (RFC 8446 §4.1.2, RFC 6066 §3), also when it comes in several records. */
final class ClientHello {

    /** From so many bytes on it is no accident. */
    static final int SURE_BYTES = 6;

    private static final int RECORD_HEAD = 5;
    private static final int RECORD_MAX = 16 * 1024 + 256;
    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int VERSION_AND_RANDOM = 34;
    private static final int SERVER_NAME = 0;

    private ClientHello() {}

    /** Whether these are, or may become, a ClientHello. */
    static boolean begins(byte[] bytes, int length) {
        if (bytes[0] != HANDSHAKE || (length > 1 && bytes[1] != 3) || (length > 2 && (bytes[2] < 0 || bytes[2] > 4))) {
            return false;
        }
        if (length >= RECORD_HEAD) {
            int record = number(bytes, 3);
            if (record < 4 || record > RECORD_MAX) {
                return false;
            }
        }
        return length < SURE_BYTES || bytes[RECORD_HEAD] == CLIENT_HELLO;
    }

    /** Where the record ends that is at hand: {@link #serverName} says nothing new before. */
    static int wanted(byte[] bytes, int length) {
        int at = 0;
        while (at + RECORD_HEAD <= length) {
            at += RECORD_HEAD + number(bytes, at + 3);
        }
        return Math.max(at, length + 1);
    }

    /** The name, empty text when there is none; nothing while the hello is not whole. */
    static Optional<String> serverName(byte[] bytes, int length) {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        int at = 0;
        while (at + RECORD_HEAD <= length && bytes[at] == HANDSHAKE) {
            int record = number(bytes, at + 3);
            int some = Math.min(record, length - at - RECORD_HEAD);
            hello.write(bytes, at + RECORD_HEAD, some);
            at += RECORD_HEAD + record;
        }
        byte[] joined = hello.toByteArray();
        if (joined.length < 4) {
            return Optional.empty();
        }
        int end = 4 + (((joined[1] & 0xff) << 16) | number(joined, 2));
        if (joined.length < end) {
            return Optional.empty();
        }
        try {
            return Optional.of(nameIn(ByteBuffer.wrap(joined, 4, end - 4)));
        } catch (IllegalArgumentException | BufferUnderflowException _) {
            return Optional.of(""); // whoever ends the TLS will refuse it
        }
    }

    private static String nameIn(ByteBuffer hello) {
        skip(hello, VERSION_AND_RANDOM);
        skip(hello, hello.get() & 0xff); // session id
        skip(hello, hello.getShort() & 0xffff); // cipher suites
        skip(hello, hello.get() & 0xff); // compression methods
        if (!hello.hasRemaining()) {
            return "";
        }
        skip(hello, 2); // the extensions' length
        while (hello.remaining() >= 4) {
            int type = hello.getShort() & 0xffff;
            int length = hello.getShort() & 0xffff;
            if (type == SERVER_NAME && length > 5) {
                skip(hello, 3); // the list's length, and the type of its first name, of which there is only one
                byte[] name = new byte[hello.getShort() & 0xffff];
                hello.get(name);
                return new String(name, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
            }
            skip(hello, length);
        }
        return "";
    }

    private static void skip(ByteBuffer buffer, int count) {
        buffer.position(buffer.position() + count);
    }

    private static int number(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }
}
