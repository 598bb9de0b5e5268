package dev.weft.runtime.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Addresses in 127/8, from blocks {@code 127.x.y.0/24} chosen at random for each run of the platform, so that two
 * platforms on one machine do not meet; a block is tried out before its first use.
 *
 * <p>Owner of the blocks: this object's monitor.
 */
final class LoopbackAddresses {

    private static final int TRIES = 64;
    private static final int LAST_HOST = 254;

    private final RandomGenerator random;
    private final int probePort;
    private final Map<String, BitSet> blocks = new LinkedHashMap<>();

    /** Takes only blocks on which this port is free. */
    LoopbackAddresses(RandomGenerator random, int probePort) {
        this.random = random;
        this.probePort = probePort;
    }

    synchronized String take() {
        for (Map.Entry<String, BitSet> block : blocks.entrySet()) {
            int host = block.getValue().nextClearBit(1);
            if (host <= LAST_HOST) {
                block.getValue().set(host);
                return block.getKey() + host;
            }
        }
        BitSet first = new BitSet();
        first.set(1);
        String block = newBlock();
        blocks.put(block, first);
        return block + 1;
    }

    synchronized void giveBack(String address) {
        int dot = address.lastIndexOf('.') + 1;
        BitSet block = blocks.get(address.substring(0, dot));
        if (block != null) {
            block.clear(Integer.parseInt(address.substring(dot)));
        }
    }

    private String newBlock() {
        for (int tried = 0; tried < TRIES; tried++) {
            // 127.0 belongs to the host's own services, 127.255 to broadcast.
            String block = "127." + random.nextInt(1, 255) + "." + random.nextInt(0, 256) + ".";
            if (!blocks.containsKey(block) && usable(block + 1)) {
                return block;
            }
        }
        throw new IllegalStateException(
                "no address in 127/8 beside 127.0.0.1 can be bound here; loopback mode needs them"
                        + " (on macOS: sudo ifconfig lo0 alias)");
    }

    /** Whether pods can have addresses of their own here, as Linux allows and macOS does not. */
    boolean usable(String address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), probePort));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
