package dev.weft.model.policy;

import java.net.InetAddress;

/**
 * Addresses that begin alike (RFC 4632, RFC 4291 section 2.3).
 *
 * @param address numeric, of IPv4 or IPv6
 * @param bits how many of it count; 0 to 32, or to 128
 */
public record AddressRange(String address, int bits) {

    private static final int BYTE = 8;

    public AddressRange {
        int most = bytes(address).length * BYTE;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException(address + "/" + bits + ": (expected: 0 to " + most + " bits)");
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code fd00::/8}, or one address.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new AddressRange(text, bytes(text).length * BYTE);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("\\d{1,3}")) {
            throw new IllegalArgumentException("\"" + text + "\" is no network (expected: for example 10.0.0.0/8)");
        }
        return new AddressRange(text.substring(0, slash), Integer.parseInt(bits));
    }

    private static byte[] bytes(String address) {
        boolean four = address.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!four && !address.matches("[0-9a-fA-F.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("\"" + address + "\" is no numeric address");
        }
        return InetAddress.ofLiteral(address).getAddress();
    }

    /** Whether the address is one of these; an address of the other family never is. */
    public boolean contains(InetAddress other) {
        byte[] ours = bytes(address);
        byte[] theirs = other.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += BYTE) {
            int mask = bits - bit >= BYTE ? 0xff : 0xff << (BYTE - (bits - bit));
            if (((ours[bit / BYTE] ^ theirs[bit / BYTE]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address + "/" + bits;
    }
}
