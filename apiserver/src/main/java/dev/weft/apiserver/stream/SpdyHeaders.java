package dev.weft.apiserver.stream;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The compressed names and values of SPDY/3.1 (draft 3.1, section 2.6.10): one zlib stream for each direction of a
 * connection, which begins with a dictionary that both know. Reads on one thread; writes under the caller's lock.
 */
final class SpdyHeaders implements AutoCloseable {

    private static final byte[] DICTIONARY = dictionary();
    private static final int BYTES_MAX = 64 << 10;
    private static final int COUNT_MAX = 100;

    private final Inflater inflater = new Inflater();
    private final Deflater deflater = new Deflater();

    SpdyHeaders() {
        deflater.setDictionary(DICTIONARY);
    }

    /** Names in lower case. */
    Map<String, String> read(byte[] block, int offset) throws IOException {
        DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(inflate(block, offset)));
        int count = in.readInt();
        if (count < 0 || count > COUNT_MAX) {
            throw new IOException(count + " headers of a SPDY stream (expected: at most " + COUNT_MAX + ")");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = text(in).toLowerCase(Locale.ROOT);
            headers.put(name, text(in));
        }
        return headers;
    }

    /** A block without any. */
    byte[] none() {
        deflater.setInput(new byte[4]);
        byte[] block = new byte[64];
        int length = deflater.deflate(block, 0, block.length, Deflater.SYNC_FLUSH);
        return java.util.Arrays.copyOf(block, length);
    }

    @Override
    public void close() {
        inflater.end();
        deflater.end();
    }

    private byte[] inflate(byte[] block, int offset) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        inflater.setInput(block, offset, block.length - offset);
        try {
            while (true) {
                int length = inflater.inflate(part);
                if (length == 0 && inflater.needsDictionary()) {
                    inflater.setDictionary(DICTIONARY);
                    continue;
                }
                if (length == 0) {
                    return plain.toByteArray();
                }
                plain.write(part, 0, length);
                if (plain.size() > BYTES_MAX) {
                    throw new IOException("headers of a SPDY stream of more than " + BYTES_MAX + " bytes");
                }
            }
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new IOException("headers of a SPDY stream that cannot be read", e);
        }
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > BYTES_MAX) {
            throw new IOException("a header of a SPDY stream of " + length + " bytes");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static byte[] dictionary() {
        try (InputStream in = SpdyHeaders.class.getResourceAsStream("spdy3.dictionary")) {
            return java.util.Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
