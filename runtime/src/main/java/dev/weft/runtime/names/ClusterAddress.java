package dev.weft.runtime.names;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An address of one of the ranges that Weft gives out, in either family: the same number in both.
 *
 * @param range pods' or services'
 * @param number its last 16 bits
 */
record ClusterAddress(Range range, int number) {

    enum Range {
        PODS(244),
        SERVICES(96);

        private final int second;

        Range(int second) {
            this.second = second;
        }
    }

    byte[] bytes4() {
        return new byte[] {10, (byte) range.second, (byte) (number >> 8), (byte) number};
    }

    /** In IPv4. */
    String text() {
        return "10." + range.second + "." + (number >> 8) + "." + (number & 0xff);
    }

    byte[] bytes6() {
        byte[] bytes = new byte[16];
        int group = Integer.parseInt(Integer.toString(range.second), 16); // fd10:244 reads like 10.244
        bytes[0] = (byte) 0xfd;
        bytes[1] = 0x10;
        bytes[2] = (byte) (group >> 8);
        bytes[3] = (byte) group;
        bytes[14] = (byte) (number >> 8);
        bytes[15] = (byte) number;
        return bytes;
    }

    /** Null for any other address; called for every connection. */
    static @Nullable ClusterAddress of(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Range range : Range.values()) {
            int last = ((bytes[bytes.length - 2] & 0xff) << 8) | (bytes[bytes.length - 1] & 0xff);
            ClusterAddress candidate = new ClusterAddress(range, last);
            byte[] own = address instanceof Inet4Address ? candidate.bytes4() : candidate.bytes6();
            if (Arrays.equals(own, bytes)) {
                return candidate;
            }
        }
        return null;
    }
}
