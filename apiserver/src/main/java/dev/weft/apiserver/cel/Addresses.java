package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** IP addresses and blocks of them. */
final class Addresses {

    static final String IP_NAME = "net.IP";
    static final String CIDR_NAME = "net.CIDR";

    /** @param address never an IPv4 one in IPv6's clothes */
    record Ip(InetAddress address) {
        @Override
        public String toString() {
            return canonical(address);
        }
    }

    /** @param bits of the network, at most 32 or 128 */
    record Cidr(Ip ip, int bits) {

        boolean contains(Ip other, int otherBits) {
            byte[] network = ip.address().getAddress();
            byte[] address = other.address().getAddress();
            return network.length == address.length
                    && otherBits >= bits
                    && Arrays.equals(masked(network, bits), masked(address, bits));
        }

        Cidr masked() {
            return new Cidr(new Ip(address(masked(ip.address().getAddress(), bits))), bits);
        }

        @Override
        public String toString() {
            return ip + "/" + bits;
        }

        private static byte[] masked(byte[] address, int bits) {
            byte[] masked = address.clone();
            for (int i = 0; i < masked.length; i++) {
                int kept = Math.clamp(bits - 8L * i, 0, 8);
                masked[i] &= (byte) (0xff << (8 - kept));
            }
            return masked;
        }
    }

    private static final CelType IP = OpaqueType.create(IP_NAME);
    private static final CelType CIDR = OpaqueType.create(CIDR_NAME);
    private static final CelType TEXT = SimpleType.STRING;
    private static final CelType BOOL = SimpleType.BOOL;

    private Addresses() {}

    static void declare(Library library) {
        library.function("ip", IP, List.of(TEXT), it -> ip(it[0]));
        library.function(
                "isIP", BOOL, List.of(TEXT), it -> parse((String) it[0]).isPresent());
        library.function(
                "ip.isCanonical",
                BOOL,
                List.of(TEXT),
                it -> ip(it[0]).toString().equals(it[0]));
        library.function("string", TEXT, List.of(IP), it -> it[0].toString());
        library.member("family", SimpleType.INT, List.of(IP), it -> raw(it[0]).getAddress().length == 4 ? 4L : 6L);
        library.member("isUnspecified", BOOL, List.of(IP), it -> raw(it[0]).isAnyLocalAddress());
        library.member("isLoopback", BOOL, List.of(IP), it -> raw(it[0]).isLoopbackAddress());
        library.member(
                "isLinkLocalMulticast", BOOL, List.of(IP), it -> raw(it[0]).isMCLinkLocal());
        library.member("isLinkLocalUnicast", BOOL, List.of(IP), it -> raw(it[0]).isLinkLocalAddress());
        library.member("isGlobalUnicast", BOOL, List.of(IP), it -> isGlobalUnicast(raw(it[0])));

        library.function("cidr", CIDR, List.of(TEXT), it -> cidr(it[0]));
        library.function(
                "isCIDR", BOOL, List.of(TEXT), it -> parseCidr((String) it[0]).isPresent());
        library.function("string", TEXT, List.of(CIDR), it -> it[0].toString());
        library.member("containsIP", BOOL, List.of(CIDR, IP), it -> ((Cidr) it[0]).contains((Ip) it[1], 128));
        library.member("containsIP", BOOL, List.of(CIDR, TEXT), it -> ((Cidr) it[0]).contains(ip(it[1]), 128));
        library.member("containsCIDR", BOOL, List.of(CIDR, CIDR), it -> contains(it[0], (Cidr) it[1]));
        library.member("containsCIDR", BOOL, List.of(CIDR, TEXT), it -> contains(it[0], cidr(it[1])));
        library.member("ip", IP, List.of(CIDR), it -> ((Cidr) it[0]).ip());
        library.member("masked", CIDR, List.of(CIDR), it -> ((Cidr) it[0]).masked());
        library.member("prefixLength", SimpleType.INT, List.of(CIDR), it -> (long) ((Cidr) it[0]).bits());
    }

    private static boolean contains(Object block, Cidr other) {
        return ((Cidr) block).contains(other.ip(), other.bits());
    }

    private static InetAddress raw(Object ip) {
        return ((Ip) ip).address();
    }

    private static boolean isGlobalUnicast(InetAddress address) {
        byte[] bytes = address.getAddress();
        boolean broadcast = bytes.length == 4 && Arrays.equals(bytes, new byte[] {-1, -1, -1, -1});
        return !broadcast
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress();
    }

    private static Ip ip(Object text) throws CelEvaluationException {
        return parse((String) text)
                .orElseThrow(() -> new CelEvaluationException(
                        "IP Address \"" + text + "\" parse error during conversion from string"));
    }

    private static Cidr cidr(Object text) throws CelEvaluationException {
        return parseCidr((String) text)
                .orElseThrow(() -> new CelEvaluationException(
                        "network address parse error during conversion from string: \"" + text + "\""));
    }

    /** No names, no zones, no leading zeros, and no IPv4 address written as an IPv6 one. */
    private static Optional<Ip> parse(String text) {
        boolean four = text.matches("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
        boolean six = text.contains(":") && text.matches("[0-9a-fA-F:]{2,39}");
        if (!four && !six) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Ip(InetAddress.ofLiteral(text)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<Cidr> parseCidr(String text) {
        int slash = text.indexOf('/');
        String bits = text.substring(slash + 1);
        if (slash < 0 || !bits.matches("0|[1-9]\\d{0,2}")) {
            return Optional.empty();
        }
        int length = Integer.parseInt(bits);
        return parse(text.substring(0, slash))
                .filter(ip -> length <= 8 * ip.address().getAddress().length)
                .map(ip -> new Cidr(ip, length));
    }

    private static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(e); // the length is right
        }
    }

    /** RFC 5952: the longest run of zeros is left out. */
    private static String canonical(InetAddress address) {
        if (address.getAddress().length == 4) {
            return address.getHostAddress();
        }
        String[] parts = address.getHostAddress().split(":");
        int best = -1;
        int longest = 1;
        for (int i = 0; i < parts.length; i++) {
            int end = i;
            while (end < parts.length && parts[end].equals("0")) {
                end++;
            }
            if (end - i > longest) {
                best = i;
                longest = end - i;
            }
        }
        if (best < 0) {
            return String.join(":", parts);
        }
        List<String> all = List.of(parts);
        return String.join(":", all.subList(0, best)) + "::"
                + String.join(":", all.subList(best + longest, all.size()));
    }
}
