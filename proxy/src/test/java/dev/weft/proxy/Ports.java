package dev.weft.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports. */
final class Ports {

    private Ports() {}

    static int free() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
