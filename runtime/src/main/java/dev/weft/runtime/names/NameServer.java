package dev.weft.runtime.names;

import dev.weft.runtime.namespace.PodNamespace;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The name server of one pod: answers what its programs ask, whomever they ask. On virtual threads, one for each question.
 * A UDP socket that listened on all addresses would answer from the wrong one, so there is one for each family.
 */
public final class NameServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);
    private static final int MESSAGE_BYTES_MAX = 4096;

    /** Of one pod at once; who asks more waits in the socket, which drops what it cannot hold. */
    private static final int QUESTIONS_MAX = 64;

    /** Of one pod at once; further ones are closed at once. */
    private static final int CONNECTIONS_MAX = 64;

    private static final int IDLE_MILLIS_MAX = 10_000;

    private static final boolean OUTSIDE_6 = outside6();

    private final Resolver resolver;
    private final List<Channel> open = new ArrayList<>();
    private final Semaphore room = new Semaphore(QUESTIONS_MAX);
    private final Semaphore connectionRoom = new Semaphore(CONNECTIONS_MAX);

    private NameServer(ClusterNames names, String asking) {
        this.resolver = new Resolver(names, asking, new HostResolver(), OUTSIDE_6);
    }

    /**
     * Answers in this network until it is closed.
     *
     * @param asking the pod that asks, {@code namespace/name}
     */
    public static NameServer start(PodNamespace network, ClusterNames names, String asking) throws IOException {
        NameServer server = new NameServer(names, asking);
        try {
            network.call(() -> {
                server.open.add(DatagramChannel.open(StandardProtocolFamily.INET));
                server.open.add(DatagramChannel.open(StandardProtocolFamily.INET6));
                server.open.add(ServerSocketChannel.open());
                return server;
            });
            server.listen();
            return server;
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private void listen() throws IOException {
        int port = PodNamespace.NAMES_PORT;
        for (Channel each : open) {
            switch (each) {
                case DatagramChannel datagrams -> {
                    boolean four = open.indexOf(each) == 0;
                    datagrams.bind(new InetSocketAddress(InetAddress.ofLiteral(four ? "127.0.0.1" : "::1"), port));
                    Thread.ofVirtual().name("names-udp").start(() -> datagrams(datagrams));
                }
                case ServerSocketChannel connections -> {
                    connections.bind(new InetSocketAddress(port));
                    Thread.ofVirtual().name("names-tcp").start(() -> connections(connections));
                }
                default -> throw new IllegalStateException("no such channel was opened: " + each);
            }
        }
    }

    private void datagrams(DatagramChannel channel) {
        while (channel.isOpen()) {
            try {
                byte[] bytes = new byte[MESSAGE_BYTES_MAX];
                ByteBuffer received = ByteBuffer.wrap(bytes);
                SocketAddress client = channel.receive(received);
                room.acquireUninterruptibly();
                Thread.ofVirtual().name("names").start(() -> {
                    try {
                        answer(channel, client, bytes, received.position());
                    } finally {
                        room.release();
                    }
                });
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                LOG.debug("a question for a name was lost", e);
            }
        }
    }

    private void answer(DatagramChannel channel, SocketAddress client, byte[] received, int length) {
        Optional<Question> question = Question.parse(received, length);
        if (question.isEmpty()) {
            return; // nothing that could be answered
        }
        try {
            channel.send(ByteBuffer.wrap(answered(question.get(), question.get().bytesMax())), client);
        } catch (IOException e) {
            LOG.debug("an answer for {} was lost", question.get().name(), e);
        }
    }

    private byte[] answered(Question question, int max) {
        Answer answer;
        try {
            answer = resolver.answer(question.name(), question.type());
        } catch (RuntimeException e) {
            LOG.warn("the name {} cannot be looked up", question.name(), e);
            answer = new Answer(Answer.Code.FAILED, List.of());
        }
        return question.answered(answer, max);
    }

    private void connections(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try {
                SocketChannel accepted = listening.accept();
                if (!connectionRoom.tryAcquire()) {
                    accepted.close();
                    continue;
                }
                Thread.ofVirtual().name("names-connection").start(() -> {
                    try {
                        connection(accepted);
                    } finally {
                        connectionRoom.release();
                    }
                });
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException e) {
                LOG.debug("a connection for names was lost", e);
            }
        }
    }

    /** RFC 1035 section 4.2.2: each message after its length, and both in one write, for clients that read once. */
    private void connection(SocketChannel accepted) {
        try (Socket socket = accepted.socket()) {
            socket.setSoTimeout(IDLE_MILLIS_MAX);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedShort();
                if (length > MESSAGE_BYTES_MAX) {
                    return;
                }
                byte[] message = new byte[length];
                in.readFully(message);
                Optional<Question> question = Question.parse(message, message.length);
                if (question.isEmpty()) {
                    return;
                }
                byte[] answer = answered(question.get(), Short.MAX_VALUE);
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(Short.BYTES + answer.length)
                                .putShort((short) answer.length)
                                .put(answer)
                                .array());
            }
        } catch (EOFException | SocketTimeoutException _) {
            // that was all
        } catch (IOException e) {
            LOG.debug("a connection for names broke", e);
        }
    }

    private static boolean outside6() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(address -> address instanceof java.net.Inet6Address
                            && !address.isLoopbackAddress()
                            && !address.isLinkLocalAddress());
        } catch (SocketException _) {
            return false;
        }
    }

    @Override
    public void close() {
        for (Channel each : open) {
            try {
                each.close();
            } catch (IOException e) {
                LOG.debug("a name server's socket did not close", e);
            }
        }
    }
}
