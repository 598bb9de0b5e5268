package dev.weft.runtime.host;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a parked JVM is told before it loads any class of a function's. Written once, by the platform, into the pipe that is the
 * JVM's standard input: a length, then as many bytes.
 *
 * @param environment all of it, nothing is kept of the parked one
 * @param properties further system properties
 * @param directory where it works from now on
 */
public record HandOver(
        Map<String, String> environment,
        Map<String, String> properties,
        String directory,
        String classpath,
        String className) {

    /** What a pipe takes at once: nobody waits for a JVM that does not read. */
    private static final int BYTES_MAX = 60 << 10;

    public HandOver {
        environment = Map.copyOf(environment);
        properties = Map.copyOf(properties);
    }

    /** Writes it as a whole. */
    public void write(OutputStream output) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream message = new DataOutputStream(bytes);
        write(message, environment);
        write(message, properties);
        write(message, directory);
        write(message, classpath);
        write(message, className);
        if (bytes.size() > BYTES_MAX) {
            throw new IOException(
                    "its environment has " + bytes.size() + " bytes (expected: at most " + BYTES_MAX + ")");
        }
        ByteArrayOutputStream framed = new ByteArrayOutputStream();
        new DataOutputStream(framed).writeInt(bytes.size());
        bytes.writeTo(framed);
        output.write(framed.toByteArray());
        output.flush();
    }

    /** Waits for one; empty when there will be none. */
    static Optional<HandOver> read(InputStream input) throws IOException {
        DataInputStream framed = new DataInputStream(input);
        int first = framed.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first << 24 | framed.readUnsignedByte() << 16 | framed.readUnsignedShort();
        if (length < 0 || length > BYTES_MAX) {
            throw new IOException("a message of " + length + " bytes (expected: at most " + BYTES_MAX + ")");
        }
        byte[] bytes = framed.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("a message that ends after " + bytes.length + " of " + length + " bytes");
        }
        DataInputStream message = new DataInputStream(new ByteArrayInputStream(bytes));
        return Optional.of(new HandOver(map(message), map(message), text(message), text(message), text(message)));
    }

    private static void write(DataOutputStream message, Map<String, String> values) throws IOException {
        message.writeInt(values.size());
        for (Map.Entry<String, String> each : values.entrySet()) {
            write(message, each.getKey());
            write(message, each.getValue());
        }
    }

    private static void write(DataOutputStream message, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        message.writeInt(bytes.length);
        message.write(bytes);
    }

    private static Map<String, String> map(DataInputStream message) throws IOException {
        int size = message.readInt();
        Map<String, String> values = new LinkedHashMap<>();
        for (int each = 0; each < size; each++) {
            values.put(text(message), text(message));
        }
        return values;
    }

    private static String text(DataInputStream message) throws IOException {
        int length = message.readInt();
        if (length < 0 || length > message.available()) {
            throw new IOException("a text of " + length + " bytes (expected: at most " + message.available() + ")");
        }
        return new String(message.readNBytes(length), StandardCharsets.UTF_8);
    }
}
