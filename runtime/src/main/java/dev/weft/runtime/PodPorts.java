package dev.weft.runtime;

import dev.weft.model.workload.Endpoints;
import dev.weft.model.workload.Instance;
import dev.weft.runtime.namespace.PodNamespace;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Function;

/** Reaches ports of pods past the mesh: from inside their networks, or where their programs listen on this host. */
final class PodPorts {

    private static final int CONNECT_MILLIS = 5_000;

    private final Endpoints instances;
    private final Function<String, Optional<PodNamespace>> networks;

    PodPorts(Endpoints instances, Function<String, Optional<PodNamespace>> networks) {
        this.instances = instances;
        this.networks = networks;
    }

    Socket connect(String namespace, String pod, int port) throws IOException {
        Instance instance = instances.instances().stream()
                .filter(one -> one.workload().namespace().equals(namespace)
                        && one.workload().name().equals(pod))
                .findFirst()
                .orElseThrow(() -> new IOException("pod " + pod + " does not run"));
        Optional<PodNamespace> network = networks.apply(namespace + "/" + pod);
        if (network.isEmpty()) {
            return connect(declared(instance, port));
        }
        try {
            // also where only the pod itself can reach it, as a debugger's port on 127.0.0.1
            return inside(network.get(), new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (ConnectException e) {
            return inside(network.get(), new InetSocketAddress(InetAddress.ofLiteral(instance.podAddress()), port));
        }
    }

    private static InetSocketAddress declared(Instance instance, int port) throws IOException {
        return instance.ports().stream()
                .filter(one -> one.containerPort() == port)
                .findFirst()
                .map(one ->
                        new InetSocketAddress(InetAddress.ofLiteral(one.applicationAddress()), one.applicationPort()))
                .orElseThrow(() -> new IOException("pod " + instance.workload().name() + " declares no port " + port
                        + ", and in loopback mode no other can be reached"));
    }

    private static Socket inside(PodNamespace network, InetSocketAddress address) throws IOException {
        return connected(network.call(SocketChannel::open).socket(), address);
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        return connected(new Socket(), address);
    }

    private static Socket connected(Socket socket, InetSocketAddress address) throws IOException {
        try {
            socket.connect(address, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
