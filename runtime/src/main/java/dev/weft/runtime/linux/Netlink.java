package dev.weft.runtime.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A netlink socket of the calling thread's network namespace: messages go, and the kernel acknowledges each that asks for it. */
final class Netlink implements AutoCloseable {

    static final int ROUTE = 0;
    static final int NETFILTER = 12;

    /** Flags of requests, netlink(7). */
    static final int REQUEST = 1;

    static final int ACKNOWLEDGE = 4;
    static final int CREATE = 0x400;
    static final int EXCLUSIVE = 0x200;

    private static final int FAMILY = 16;
    private static final int RAW_CLOEXEC = 3 | 0x80000;
    private static final int ERROR = 2;
    private static final int DONT_WAIT = 0x40;
    private static final int RECEIVE_BUFFER = 8;
    private static final int SOCKET_LEVEL = 1;
    private static final int SEND_BUFFER = 7;
    private static final int BUFFER_BYTES = 64 * 1024;

    private final int descriptor;
    private final String what;

    /** @param what it is for, for people */
    Netlink(int protocol, String what) throws KernelRefusal {
        this.what = what;
        this.descriptor = Libc.socket(FAMILY, RAW_CLOEXEC, protocol, what + ": netlink socket");
        Libc.setsockopt(descriptor, SOCKET_LEVEL, SEND_BUFFER, BUFFER_BYTES, what);
        Libc.setsockopt(descriptor, SOCKET_LEVEL, RECEIVE_BUFFER, BUFFER_BYTES, what);
        byte[] address = new byte[12];
        ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).putShort((short) FAMILY);
        Libc.bind(descriptor, address, what + ": netlink bind");
    }

    /**
     * Sends messages and reads the acknowledgements; the kernel answers while it takes them.
     *
     * @param names of the messages, in order, for the refusal's text
     */
    void send(Message messages, String... names) throws KernelRefusal {
        Libc.send(descriptor, messages.toBytes(), what);
        byte[] answer = new byte[BUFFER_BYTES];
        int seen = 0;
        while (seen < names.length) {
            int length = Libc.recv(descriptor, answer, DONT_WAIT, what + ": no answer after " + Arrays.asList(names));
            seen += read(ByteBuffer.wrap(answer, 0, length).order(ByteOrder.nativeOrder()), names);
        }
    }

    private int read(ByteBuffer answer, String... names) throws KernelRefusal {
        int seen = 0;
        while (answer.remaining() >= Message.headerBytes()) {
            int at = answer.position();
            int length = answer.getInt(at);
            int type = answer.getShort(at + 4);
            int sequence = answer.getInt(at + 8);
            if (type == ERROR) {
                int error = -answer.getInt(at + Message.headerBytes());
                if (error != 0) {
                    String name =
                            sequence >= 1 && sequence <= names.length ? names[sequence - 1] : "message " + sequence;
                    throw new KernelRefusal(what + ": " + name, error);
                }
                seen++;
            }
            answer.position(Math.min(answer.limit(), at + ((length + 3) & ~3)));
        }
        return seen;
    }

    @Override
    public void close() throws KernelRefusal {
        Libc.close(descriptor);
    }
}
