package dev.weft.cli.demo;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What anybody can read of one direction of a TLS connection: the plain heads of its records, and the server's hello.
 *
 * @param version what the server's hello agreed on, {@code 0x0304} for TLS 1.3 (RFC 8446 §4.2.1); 0 where the bytes begin
 *     with anything but such a hello
 * @param applicationBytes the length of the encrypted records
 */
record TlsRecords(int version, long applicationBytes) {

    static final int TLS_1_3 = 0x0304;

    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int SERVER_HELLO = 2;
    private static final int RANDOM_LENGTH = 32;
    private static final int SUPPORTED_VERSIONS = 43;

    /** Reads the bytes that went one way; a record that was cut off counts as far as it is there. */
    static TlsRecords read(byte[] wire) {
        ByteBuffer bytes = ByteBuffer.wrap(wire);
        int version = serverVersion(bytes.duplicate());
        long application = 0;
        while (bytes.remaining() >= 5) {
            int type = bytes.get();
            bytes.getShort();
            int length = Math.min(bytes.getShort() & 0xffff, bytes.remaining());
            application += type == APPLICATION_DATA ? length : 0;
            bytes.position(bytes.position() + length);
        }
        return new TlsRecords(version, application);
    }

    private static int serverVersion(ByteBuffer bytes) {
        try {
            if (bytes.get() != HANDSHAKE) {
                return 0;
            }
            skip(bytes, 4); // the record's version and length
            if (bytes.get() != SERVER_HELLO) {
                return 0;
            }
            skip(bytes, 3); // the hello's length
            int legacy = bytes.getShort() & 0xffff; // 0x0303 also in TLS 1.3, which says so in an extension
            skip(bytes, RANDOM_LENGTH);
            skip(bytes, bytes.get() & 0xff); // the session's id
            skip(bytes, 3); // cipher suite and compression
            int end = (bytes.getShort() & 0xffff) + bytes.position();
            while (bytes.position() < end) {
                int type = bytes.getShort() & 0xffff;
                int length = bytes.getShort() & 0xffff;
                if (type == SUPPORTED_VERSIONS) {
                    return bytes.getShort() & 0xffff;
                }
                skip(bytes, length);
            }
            return legacy;
        } catch (BufferUnderflowException e) {
            return 0; // not a whole hello
        }
    }

    private static void skip(ByteBuffer bytes, int count) {
        if (count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + count);
    }
}
