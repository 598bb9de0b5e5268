package dev.weft.runtime.linux;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The rules of a pod's network, one nf_tables batch: TCP to any address but the pod's own goes to one port, DNS to another,
 * and the rest is refused.
 */
public final class Steering {

    /** How connections are brought to that port. */
    public enum Way {
        /** With their destination kept, by TPROXY: free, where the kernel has nft_tproxy. */
        KEPT,
        /**
         * With their destination changed, by REDIRECT: an address translation for each packet; the accepted connection tells
         * where it was meant to go by SO_ORIGINAL_DST.
         */
        CHANGED
    }

    private static final int SUBSYSTEM = 10 << 8;
    private static final int BATCH_BEGIN = 0x10;
    private static final int BATCH_END = 0x11;
    private static final int NEW_TABLE = SUBSYSTEM;
    private static final int NEW_CHAIN = SUBSYSTEM | 3;
    private static final int NEW_RULE = SUBSYSTEM | 6;

    private static final int FAMILY_INET = 1;
    private static final int APPEND = 0x800;
    private static final String TABLE = "weft";

    private static final int HOOK_PREROUTING = 0;
    private static final int HOOK_INPUT = 1;
    private static final int HOOK_OUTPUT = 3;
    private static final int PRIORITY_MANGLE = -150;
    private static final int PRIORITY_NAT = -100;

    private static final int DNS = 53;

    private final Message messages = new Message();
    private final List<String> names = new ArrayList<>();

    private Steering() {}

    /**
     * Sets the rules in the calling thread's network namespace.
     *
     * @param way which the kernel has
     * @param address the pod's own, as is {@code address6}: what is sent there stays in the pod
     * @param everything the port to which connections are steered
     * @param dns the port to which questions for names are steered
     */
    public static void setUp(Way way, Inet4Address address, InetAddress address6, int everything, int dns)
            throws KernelRefusal {
        Steering steering = new Steering();
        steering.write(way, address.getAddress(), address6.getAddress(), everything, dns);
        try (Netlink netlink = new Netlink(Netlink.NETFILTER, "the pod's packet rules (nf_tables)")) {
            netlink.send(steering.messages, steering.names.toArray(String[]::new));
        }
    }

    private void write(Way way, byte[] address, byte[] address6, int everything, int dns) {
        messages.begin(BATCH_BEGIN, Netlink.REQUEST).bytes(0, 0, 0, SUBSYSTEM >> 8);
        names.add("begin");
        begin(NEW_TABLE, Netlink.CREATE, "table").text(1, TABLE);

        if (way == Way.KEPT) {
            keepDestinations(address, address6, everything);
        }

        // Before that: questions for names, whomever they are meant for.
        chain("names", "nat", HOOK_OUTPUT, PRIORITY_NAT);
        own("names", address, address6);
        for (int protocol : List.of(Expression.UDP, Expression.TCP)) {
            rule("names", rule -> {
                Expression.protocol(rule, protocol);
                Expression.destinationPort(rule, DNS);
                Expression.redirect(rule, dns);
            });
        }
        if (way == Way.CHANGED) {
            rule("names", rule -> {
                Expression.protocol(rule, Expression.TCP);
                Expression.redirect(rule, everything);
            });
        }

        // What is neither would reach the pod itself, as if it were everybody. Refused as by a closed port, so that
        // whoever sent it hears of it at once.
        chain("others", "filter", HOOK_INPUT, 0);
        own("others", address, address6);
        rule("others", rule -> {
            Expression.protocol(rule, Expression.TCP);
            Expression.verdict(rule, Expression.ACCEPT);
        });
        rule("others", Expression::reject);
        messages.begin(BATCH_END, Netlink.REQUEST).bytes(0, 0, 0, SUBSYSTEM >> 8);
        names.removeFirst(); // neither the batch's beginning nor its end is acknowledged
    }

    /** As packets come back from the loopback device: where a socket is chosen for them. */
    private void keepDestinations(byte[] address, byte[] address6, int everything) {
        chain("arriving", "filter", HOOK_PREROUTING, PRIORITY_MANGLE);
        own("arriving", address, address6);
        rule("arriving", rule -> {
            Expression.protocol(rule, Expression.TCP);
            Expression.toSocket(rule, everything);
            Expression.verdict(rule, Expression.ACCEPT);
        });
        rule("arriving", rule -> {
            Expression.protocol(rule, Expression.TCP); // nobody listens: the program itself would get it
            Expression.verdict(rule, Expression.DROP);
        });
    }

    /** Each message that is acknowledged has its name; the batch's beginning is number one. */
    private Message begin(int type, int flags, String name) {
        names.add(name);
        return messages.begin(type, Netlink.REQUEST | Netlink.ACKNOWLEDGE | flags)
                .bytes(FAMILY_INET, 0, 0, 0);
    }

    private void chain(String name, String type, int hook, int priority) {
        begin(NEW_CHAIN, Netlink.CREATE, "chain " + name)
                .text(1, TABLE)
                .text(3, name)
                .nest(4, at -> at.network(1, hook).network(2, priority))
                .text(7, type);
    }

    /** What a pod sends to itself nobody touches. */
    private void own(String chain, byte[] address, byte[] address6) {
        rule(chain, rule -> {
            Expression.family(rule, Expression.IPV4);
            Expression.destination(rule, Expression.IPV4_DESTINATION, new byte[] {127});
            Expression.verdict(rule, Expression.ACCEPT);
        });
        rule(chain, rule -> {
            Expression.family(rule, Expression.IPV4);
            Expression.destination(rule, Expression.IPV4_DESTINATION, address);
            Expression.verdict(rule, Expression.ACCEPT);
        });
        byte[] loopback6 = new byte[16];
        loopback6[15] = 1;
        for (byte[] each : List.of(loopback6, address6)) {
            rule(chain, rule -> {
                Expression.family(rule, Expression.IPV6);
                Expression.destination(rule, Expression.IPV6_DESTINATION, each);
                Expression.verdict(rule, Expression.ACCEPT);
            });
        }
    }

    private void rule(String chain, Consumer<Message> expressions) {
        begin(NEW_RULE, Netlink.CREATE | APPEND, "rule of chain " + chain)
                .text(1, TABLE)
                .text(2, chain)
                .nest(4, expressions);
    }
}
