package dev.weft.proxy.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * What a load balancer says of a client before the client's own bytes: HAProxy's "PROXY protocol", versions 1 and 2. A pure
 * function of the bytes so far: asked after each byte or after all of them, it says the same. Extensions are checked for
 * their form and not looked at.
 */
public sealed interface ProxyHeader {

    /** Version 1's longest line, and more of version 2 than anybody sends. */
    int V1_BYTES_MAX = 107;

    int V2_BYTES_MAX = 16 + 2_048;

    /**
     * The header is whole.
     *
     * @param client numeric {@code address:port}; empty when the balancer speaks for itself or does not know
     * @param length of the header in bytes
     */
    record Read(String client, int length) implements ProxyHeader {}

    /** It is no header; the reason completes "the connection". */
    record Refused(String reason) implements ProxyHeader {}

    /** What it says; empty while more bytes could still tell. */
    static Optional<ProxyHeader> look(byte[] bytes, int length) {
        if (begins(bytes, length, Format.SIGNATURE)) {
            return length < Format.SIGNATURE.length ? Optional.empty() : Format.version2(bytes, length);
        }
        if (begins(bytes, length, Format.WORD)) {
            return length < Format.WORD.length ? Optional.empty() : Format.version1(bytes, length);
        }
        return refused("begins with no PROXY header");
    }

    private static boolean begins(byte[] bytes, int length, byte[] with) {
        int same = Math.min(length, with.length);
        return Arrays.equals(bytes, 0, same, with, 0, same);
    }

    private static Optional<ProxyHeader> refused(String reason) {
        return Optional.of(new Refused(reason));
    }

    /** How the two versions are written. */
    final class Format {

        private static final byte[] SIGNATURE = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);

        private static final String NUMBER = "(0|[1-9]\\d{0,4})";
        private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
        private static final String FOUR = OCTET + "(?:\\." + OCTET + "){3}";
        private static final String SIX = "(?=[0-9a-fA-F.]*:)[0-9a-fA-F:.]{2,39}";
        private static final Pattern TCP4 =
                Pattern.compile("PROXY TCP4 (" + FOUR + ") (" + FOUR + ") " + NUMBER + " " + NUMBER);
        private static final Pattern TCP6 =
                Pattern.compile("PROXY TCP6 (" + SIX + ") (" + SIX + ") " + NUMBER + " " + NUMBER);

        private static final int V2_START_BYTES = 16;
        private static final int LOCAL = 0x20;
        private static final int PROXY = 0x21;
        private static final int UNKNOWN = 0x00;
        private static final int TCP_OVER_4 = 0x11;
        private static final int TCP_OVER_6 = 0x21;
        private static final int CHECKSUM = 0x03;
        private static final int EXTENSION_START_BYTES = 3;
        private static final int PORT_MAX = 65_535;

        private Format() {}

        private static Optional<ProxyHeader> version1(byte[] bytes, int length) {
            int most = Math.min(length, V1_BYTES_MAX);
            int end = WORD.length;
            while (end < most && bytes[end] != '\r') {
                end++;
            }
            if (end + 1 >= most) {
                return most < V1_BYTES_MAX
                        ? Optional.empty()
                        : refused("begins with a PROXY line of more than " + V1_BYTES_MAX + " bytes");
            }
            if (bytes[end + 1] != '\n') {
                return refused("begins with a PROXY line that does not end with CR LF");
            }
            String line = new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
            if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
                return Optional.of(new Read("", end + 2));
            }
            Optional<String> client = client(line);
            return client.isPresent()
                    ? Optional.of(new Read(client.get(), end + 2))
                    : refused("begins with a PROXY line that is malformed");
        }

        private static Optional<String> client(String line) {
            Matcher four = TCP4.matcher(line);
            Matcher found = four.matches() ? four : TCP6.matcher(line);
            if (!found.matches()
                    || Integer.parseInt(found.group(3)) > PORT_MAX
                    || Integer.parseInt(found.group(4)) > PORT_MAX) {
                return Optional.empty();
            }
            try {
                var _ = InetAddress.ofLiteral(found.group(2));
                return Optional.of(InetAddress.ofLiteral(found.group(1)).getHostAddress() + ":" + found.group(3));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }

        private static Optional<ProxyHeader> version2(byte[] bytes, int length) {
            if (length < V2_START_BYTES) {
                return Optional.empty();
            }
            int command = bytes[12] & 0xff;
            int family = bytes[13] & 0xff;
            int whole = V2_START_BYTES + number(bytes, 14);
            if (command != LOCAL && command != PROXY) {
                return refused("begins with a PROXY header of version and command " + command);
            }
            if (whole > V2_BYTES_MAX) {
                return refused("begins with a PROXY header of " + whole + " bytes");
            }
            if (length < whole) {
                return Optional.empty();
            }
            if (command == LOCAL || family == UNKNOWN) {
                return Optional.of(new Read("", whole));
            }
            if (family != TCP_OVER_4 && family != TCP_OVER_6) {
                return refused("begins with a PROXY header of family and protocol " + family
                        + " (expected: TCP over IPv4 or IPv6)");
            }
            int bytesOfAddress = family == TCP_OVER_4 ? 4 : 16;
            int extensions = V2_START_BYTES + 2 * bytesOfAddress + 4;
            if (extensions > whole || !sound(bytes, extensions, whole)) {
                return refused("begins with a PROXY header that is malformed");
            }
            int port = number(bytes, V2_START_BYTES + 2 * bytesOfAddress);
            byte[] address = Arrays.copyOfRange(bytes, V2_START_BYTES, V2_START_BYTES + bytesOfAddress);
            return Optional.of(new Read(text(address) + ":" + port, whole));
        }

        private static String text(byte[] address) {
            try {
                return InetAddress.getByAddress(address).getHostAddress();
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of " + address.length + " bytes", e);
            }
        }

        /** Whether the extensions fill the rest, and the checksum is right where there is one. */
        private static boolean sound(byte[] bytes, int from, int to) {
            int at = from;
            while (at + EXTENSION_START_BYTES <= to) {
                int length = number(bytes, at + 1);
                int next = at + EXTENSION_START_BYTES + length;
                if (bytes[at] == CHECKSUM && (length != 4 || next > to || !matches(bytes, next - 4, to))) {
                    return false;
                }
                at = next;
            }
            return at == to;
        }

        private static boolean matches(byte[] bytes, int checksumAt, int to) {
            CRC32C sum = new CRC32C();
            sum.update(bytes, 0, checksumAt);
            sum.update(new byte[4]);
            sum.update(bytes, checksumAt + 4, to - checksumAt - 4);
            long said = ((long) number(bytes, checksumAt) << 16) | number(bytes, checksumAt + 2);
            return sum.getValue() == said;
        }

        private static int number(byte[] bytes, int at) {
            return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
        }
    }
}
