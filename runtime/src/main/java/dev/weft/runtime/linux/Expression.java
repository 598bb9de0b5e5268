package dev.weft.runtime.linux;

import java.util.function.Consumer;

/** The expressions of which nf_tables rules are made, in the kernel's form (linux/netfilter/nf_tables.h). */
final class Expression {

    static final int TCP = 6;
    static final int UDP = 17;
    static final int IPV4 = 2;
    static final int IPV6 = 10;
    static final int IPV4_DESTINATION = 16;
    static final int IPV6_DESTINATION = 24;
    static final int DROP = 0;
    static final int ACCEPT = 1;

    private static final int REGISTER = 1;
    private static final int META_FAMILY = 15;
    private static final int META_PROTOCOL = 16;
    private static final int NETWORK_HEADER = 1;
    private static final int TRANSPORT_HEADER = 2;
    private static final int PORT_OFFSET = 2;
    private static final int REJECT_ANY_FAMILY = 2;
    private static final int PORT_UNREACHABLE = 1;

    private Expression() {}

    private static void add(Message rule, String name, Consumer<Message> data) {
        rule.nest(1, element -> element.text(1, name).nest(2, data));
    }

    static void family(Message rule, int family) {
        add(rule, "meta", meta -> meta.network(2, META_FAMILY).network(1, REGISTER));
        equal(rule, (byte) family);
    }

    static void protocol(Message rule, int protocol) {
        add(rule, "meta", meta -> meta.network(2, META_PROTOCOL).network(1, REGISTER));
        equal(rule, (byte) protocol);
    }

    /** @param address its first bytes are enough */
    static void destination(Message rule, int offset, byte[] address) {
        load(rule, NETWORK_HEADER, offset, address.length);
        equal(rule, address);
    }

    static void destinationPort(Message rule, int port) {
        load(rule, TRANSPORT_HEADER, PORT_OFFSET, Short.BYTES);
        equal(rule, port(port));
    }

    private static void load(Message rule, int header, int offset, int length) {
        add(
                rule,
                "payload",
                payload -> payload.network(1, REGISTER)
                        .network(2, header)
                        .network(3, offset)
                        .network(4, length));
    }

    private static void equal(Message rule, byte... value) {
        add(
                rule,
                "cmp",
                compare -> compare.network(1, REGISTER).network(2, 0).nest(3, data -> data.attribute(1, value)));
    }

    static void verdict(Message rule, int code) {
        add(
                rule,
                "immediate",
                immediate ->
                        immediate.network(1, 0).nest(2, data -> data.nest(2, verdict -> verdict.network(1, code))));
    }

    /** Has the packet found by the socket that listens on this port, whatever its destination; else the next rule is asked. */
    static void toSocket(Message rule, int port) {
        value(rule, port(port));
        add(rule, "tproxy", tproxy -> tproxy.network(1, 0).network(3, REGISTER));
    }

    /** Changes the destination to this port of this machine. */
    static void redirect(Message rule, int port) {
        value(rule, port(port));
        add(rule, "redir", redirect -> redirect.network(1, REGISTER));
    }

    static void reject(Message rule) {
        add(rule, "reject", reject -> reject.network(1, REJECT_ANY_FAMILY).attribute(2, new byte[] {PORT_UNREACHABLE}));
    }

    private static void value(Message rule, byte[] value) {
        add(rule, "immediate", immediate -> immediate.network(1, REGISTER).nest(2, data -> data.attribute(1, value)));
    }

    private static byte[] port(int port) {
        return new byte[] {(byte) (port >> 8), (byte) port};
    }
}
