package dev.weft.runtime.host;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One request, read whole (RFC 9112). The proxy in front has judged it already; what is odd here is refused. */
record HttpRequest(String method, String target, boolean keepAlive, String body) {

    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int BODY_BYTES_MAX = 16 << 20;

    /** The request is not one; the connection is of no further use. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** What the fields say about the message itself. */
    private static final class Framing {
        private long length = -1;
        private boolean chunked;
        private boolean close;
        private boolean expectContinue;
    }

    /** Null at the end of the connection. */
    static @Nullable HttpRequest read(BufferedInputStream input, OutputStream output) throws IOException, Malformed {
        String start = line(input);
        if (start == null) {
            return null;
        }
        String[] words = start.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new Malformed("not an HTTP/1.1 request line");
        }
        Framing framing = framing(input);
        if (framing.chunked && framing.length >= 0) {
            throw new Malformed("both Transfer-Encoding and Content-Length");
        }
        if (framing.expectContinue && (framing.chunked || framing.length > 0)) {
            output.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        }
        byte[] body = framing.chunked ? chunks(input) : exactly(input, Math.max(0, framing.length));
        return new HttpRequest(
                words[0],
                words[1],
                !framing.close && words[2].equals("HTTP/1.1"),
                new String(body, StandardCharsets.UTF_8));
    }

    private static Framing framing(BufferedInputStream input) throws IOException, Malformed {
        Framing framing = new Framing();
        for (String line = required(input); !line.isEmpty(); line = required(input)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new Malformed("a header line without a name");
            }
            String value = line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> framing.length = number(value, 10);
                case "transfer-encoding" -> framing.chunked = chunked(value);
                case "connection" -> framing.close |= value.contains("close");
                case "expect" -> framing.expectContinue = value.equals("100-continue");
                default -> {} // a function of text sees no headers
            }
        }
        return framing;
    }

    private static boolean chunked(String value) throws Malformed {
        if (!value.equals("chunked")) {
            throw new Malformed("Transfer-Encoding other than chunked");
        }
        return true;
    }

    private static byte[] chunks(BufferedInputStream input) throws IOException, Malformed {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String line = required(input);
            int extension = line.indexOf(';');
            long size = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
            if (size == 0) {
                while (!required(input).isEmpty()) {
                    // trailers are of no interest to a function of text
                }
                return body.toByteArray();
            }
            if (body.size() + size > BODY_BYTES_MAX) {
                throw new Malformed("the body is longer than " + BODY_BYTES_MAX + " bytes");
            }
            body.write(exactly(input, size));
            required(input);
        }
    }

    private static byte[] exactly(BufferedInputStream input, long length) throws IOException, Malformed {
        if (length > BODY_BYTES_MAX) {
            throw new Malformed("the body is longer than " + BODY_BYTES_MAX + " bytes");
        }
        byte[] bytes = input.readNBytes((int) length);
        if (bytes.length < length) {
            throw new Malformed("the body ends early");
        }
        return bytes;
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

    private static String required(BufferedInputStream input) throws IOException, Malformed {
        String line = line(input);
        if (line == null) {
            throw new Malformed("the head ends early");
        }
        return line;
    }

    /** A line without its end; null at the end of the stream. */
    private static @Nullable String line(BufferedInputStream input) throws IOException, Malformed {
        ByteArrayOutputStream line = new ByteArrayOutputStream(80);
        for (int read = input.read(); read != '\n'; read = input.read()) {
            if (read < 0) {
                if (line.size() == 0) {
                    return null;
                }
                throw new Malformed("a line ends early");
            }
            line.write(read);
            if (line.size() > LINE_BYTES_MAX) {
                throw new Malformed("a line is longer than " + LINE_BYTES_MAX + " bytes");
            }
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}
