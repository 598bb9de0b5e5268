package dev.weft.runtime.linux;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * The only device of a pod's network: the loopback device, with the pod's addresses, on which every other address is local
 * too. rtnetlink(7).
 */
public final class Loopback {

    private static final int NEW_LINK = 16;
    private static final int NEW_ADDRESS = 20;
    private static final int NEW_ROUTE = 24;

    private static final int INTERNET = 2;
    private static final int INTERNET_6 = 10;
    private static final int INDEX = 1;
    private static final int UP = 1;

    /** No probing whether somebody else has the address: it is usable at once. */
    private static final int NO_DETECTION = 2;

    private static final int ADDRESS = 1;
    private static final int LOCAL = 2;
    private static final int OUTGOING_DEVICE = 4;
    private static final int PREFERRED_SOURCE = 7;

    private static final int TABLE_LOCAL = 255;
    private static final int PROTOCOL_STATIC = 4;
    private static final int SCOPE_HOST = 254;
    private static final int TYPE_LOCAL = 2;

    private Loopback() {}

    /** Sets it up in the calling thread's network namespace; the addresses are the source of whatever is sent. */
    public static void setUp(Inet4Address address, InetAddress address6) throws KernelRefusal {
        Message messages = new Message();
        int flags = Netlink.REQUEST | Netlink.ACKNOWLEDGE;
        messages.begin(NEW_LINK, flags)
                .bytes(0, 0, 0, 0)
                .number(INDEX)
                .number(UP)
                .number(UP);
        address(messages, INTERNET, address.getAddress());
        address(messages, INTERNET_6, address6.getAddress());
        everything(messages, INTERNET, address.getAddress());
        everything(messages, INTERNET_6, address6.getAddress());
        try (Netlink netlink = new Netlink(Netlink.ROUTE, "the pod's loopback device")) {
            netlink.send(
                    messages,
                    "link up",
                    "IPv4 address",
                    "IPv6 address",
                    "IPv4 route to itself",
                    "IPv6 route to itself");
        }
    }

    private static void address(Message messages, int family, byte[] address) {
        messages.begin(NEW_ADDRESS, Netlink.REQUEST | Netlink.ACKNOWLEDGE | Netlink.CREATE | Netlink.EXCLUSIVE)
                .bytes(family, address.length * 8, family == INTERNET_6 ? NO_DETECTION : 0, 0)
                .number(INDEX)
                .attribute(LOCAL, address)
                .attribute(ADDRESS, address);
    }

    private static void everything(Message messages, int family, byte[] source) {
        messages.begin(NEW_ROUTE, Netlink.REQUEST | Netlink.ACKNOWLEDGE | Netlink.CREATE | Netlink.EXCLUSIVE)
                .bytes(family, 0, 0, 0, TABLE_LOCAL, PROTOCOL_STATIC, SCOPE_HOST, TYPE_LOCAL)
                .number(0)
                .attribute(OUTGOING_DEVICE, INDEX)
                .attribute(PREFERRED_SOURCE, source);
    }
}
