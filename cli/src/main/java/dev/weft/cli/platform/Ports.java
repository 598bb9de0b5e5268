package dev.weft.cli.platform;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ports on loopback, looked at before anything is started, so that a taken one costs one line and changes nothing. */
public final class Ports {

    private static final int PORT_MAX = 65_535;

    private Ports() {}

    /**
     * Throws unless all can be bound; port 0 is any free one.
     *
     * @param byOption port by the option that sets it
     */
    static void requireFree(Map<String, Integer> byOption) {
        List<String> taken = new ArrayList<>();
        Map<Integer, String> before = new HashMap<>();
        new TreeMap<>(byOption).forEach((option, port) -> {
            String other = port == 0 ? null : before.putIfAbsent(port, option);
            if (port < 0 || port > PORT_MAX) {
                taken.add(option + " " + port + " is no port (expected: 0 to " + PORT_MAX + ")");
            } else if (other != null) {
                taken.add("port " + port + " is asked for twice (choose another with " + other + " or " + option + ")");
            } else if (!isFree(port)) {
                taken.add("port " + port + " is taken (choose another with " + option + ")");
            }
        });
        if (!taken.isEmpty()) {
            throw Refusal.impossible(String.join("; ", taken.stream().sorted().toList()));
        }
    }

    /** Different ports that are free now. */
    public static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                held.add(socket);
                ports.add(socket.getLocalPort());
            }
            return List.copyOf(ports);
        } catch (IOException e) {
            throw Refusal.impossible("no free port on loopback: " + e.getMessage());
        } finally {
            for (ServerSocket socket : held) {
                closeQuietly(socket);
            }
        }
    }

    private static boolean isFree(int port) {
        if (port == 0) {
            return true;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void closeQuietly(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // a socket without connections; nothing is lost
        }
    }
}
