package dev.weft.runtime.namespace;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * The addresses of one pod. Every pod's network is its own, so they meet nobody else's on this machine.
 *
 * @param address4 in 10.244.0.0/16, {@code status.podIP}
 * @param address6 in fd10:244::/32, with the same last numbers
 */
public record PodAddresses(Inet4Address address4, InetAddress address6) {

    private static final int FIRST = 2;
    /** How many pods can have different ones. */
    public static final int COUNT = 65_536 - 2 * FIRST;

    /** Those of the pod with this number; they repeat after {@link #COUNT}. */
    public static PodAddresses of(int number) {
        int low = FIRST + Math.floorMod(number, COUNT);
        return new PodAddresses(
                (Inet4Address) InetAddress.ofLiteral("10.244." + (low >> 8) + "." + (low & 0xff)),
                InetAddress.ofLiteral("fd10:244::" + Integer.toHexString(low)));
    }

    public String text() {
        return address4.getHostAddress();
    }
}
