package dev.weft.runtime.host.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads requests from a connection (RFC 9112). The proxy in front has judged them already; what is odd here is refused. */
final class RequestReader {

    private static final int HEAD_BYTES_MAX = 128 << 10;
    private static final int BODY_BYTES_MAX = 16 << 20;

    private final BufferedInputStream input;
    private final OutputStream output;
    private int headBytesLeft;

    RequestReader(BufferedInputStream input, OutputStream output) {
        this.input = input;
        this.output = output;
    }

    /** The request is not one, or too long; the connection is of no further use. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        private final int status;

        Malformed(int status, String message) {
            super(message);
            this.status = status;
        }

        Malformed(String message) {
            this(400, message);
        }

        int status() {
            return status;
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** Null at the end of the connection. */
    @Nullable
    Request read() throws IOException, Malformed {
        headBytesLeft = HEAD_BYTES_MAX;
        String start = line();
        if (start == null) {
            return null;
        }
        String[] words = start.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new Malformed("not an HTTP/1.1 request line");
        }
        Map<String, List<String>> headers = headers();
        boolean close = values(headers, "connection").contains("close");
        return new Request(words[0], words[1], headers, body(headers), !close && words[2].equals("HTTP/1.1"));
    }

    private Map<String, List<String>> headers() throws IOException, Malformed {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line = required(); !line.isEmpty(); line = required()) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Malformed("a header line without a name");
            }
            headers.computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static String values(Map<String, List<String>> headers, String name) {
        List<String> values = headers.get(name);
        return values == null ? "" : String.join(",", values).toLowerCase(Locale.ROOT);
    }

    private byte[] body(Map<String, List<String>> headers) throws IOException, Malformed {
        String coding = values(headers, "transfer-encoding");
        String length = values(headers, "content-length");
        if (coding.isEmpty() && length.isEmpty()) {
            return new byte[0];
        }
        if (!coding.isEmpty() && !length.isEmpty()) {
            throw new Malformed("both Transfer-Encoding and Content-Length");
        }
        if (!coding.isEmpty() && !coding.equals("chunked")) {
            throw new Malformed("Transfer-Encoding other than chunked");
        }
        if (values(headers, "expect").equals("100-continue")) {
            output.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        return coding.isEmpty() ? exactly(number(length, 10)) : chunks();
    }

    private byte[] chunks() throws IOException, Malformed {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            headBytesLeft = HEAD_BYTES_MAX;
            String line = required();
            int extension = line.indexOf(';');
            long size = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
            if (size == 0) {
                while (!required().isEmpty()) {
                    // trailers are of no interest to a function
                }
                return body.toByteArray();
            }
            if (body.size() + size > BODY_BYTES_MAX) {
                throw tooLong();
            }
            body.write(exactly(size));
            required();
        }
    }

    private byte[] exactly(long length) throws IOException, Malformed {
        if (length > BODY_BYTES_MAX) {
            throw tooLong();
        }
        byte[] bytes = input.readNBytes((int) length);
        if (bytes.length < length) {
            throw new Malformed("the body ends early");
        }
        return bytes;
    }

    private static Malformed tooLong() {
        return new Malformed(413, "the body is longer than " + BODY_BYTES_MAX + " bytes");
    }

    private static long number(String text, int radix) throws Malformed {
        try {
            long number = Long.parseUnsignedLong(text, radix);
            if (number < 0 || text.startsWith("+")) {
                throw new Malformed("not a length: " + text);
            }
            return number;
        } catch (NumberFormatException e) {
            throw new Malformed("not a length: " + text);
        }
    }

    private String required() throws IOException, Malformed {
        String line = line();
        if (line == null) {
            throw new Malformed("the head ends early");
        }
        return line;
    }

    /** A line without its end; null at the end of the stream. */
    private @Nullable String line() throws IOException, Malformed {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int read = input.read(); read != '\n'; read = input.read()) {
            if (read < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new Malformed("a line ends early");
            }
            line.write(read);
            if (--headBytesLeft < 0) {
                throw new Malformed(431, "the head is longer than " + HEAD_BYTES_MAX + " bytes");
            }
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
