package dev.weft.cli.snapshot;

import dev.weft.cli.FreePort;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.Certificates;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.Proxy;
import dev.weft.proxy.ProxyOptions;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A few services behind a proxy with two loops, on real sockets. */
final class Village implements Snapshots, Closeable {

    private static final ResourceReference SOURCE = new ResourceReference("test", "Test", "default", "village");

    private final Map<ServicePort, EndpointGroup> groups = new HashMap<>();
    private final Map<ServicePort, Frontend> mesh = new HashMap<>();
    private final List<Frontend> hosts = new ArrayList<>();
    private final List<Instance> pods = new ArrayList<>();
    private final List<Closeable> open = new ArrayList<>();
    private Duration patience = Duration.ofSeconds(20);
    final int edge = FreePort.find();

    /** What a program does with one request; false closes the connection. */
    interface Program {
        Optional<String> answer(String head) throws IOException;
    }

    static ServicePort service(String name) {
        return new ServicePort(new ServiceName("default", name), 80);
    }

    static Workload workload(String name) {
        WorkloadIdentity identity = new WorkloadIdentity(WorkloadIdentity.TRUST_DOMAIN, "default", name);
        return new Workload("default", name + "-1", name, "Deployment", identity);
    }

    /** How long a request to the hosts that follow may take. */
    Village patience(Duration requests) {
        patience = requests;
        return this;
    }

    /** A host of the edge that leads to the service of the same name, {@code NAME.test}. */
    Village host(String name, RetryPolicy retry, Endpoint... endpoints) {
        ServicePort service = service(name);
        groups.put(service, new EndpointGroup(service, List.of(endpoints), false, 0));
        Rule rule = new Rule(
                "all",
                SOURCE,
                List.of(),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(service), 1)),
                Timeouts.ofRequest(patience),
                retry);
        hosts.add(new Frontend(name + ".test", SOURCE, List.of(name + ".test"), List.of(rule)));
        mesh.put(service, new Frontend(service.toString(), SOURCE, List.of(), List.of(rule)));
        return this;
    }

    /** A pod of the mesh with a host of the same name; returns the port at which its program calls others. */
    int pod(String name, String address, int applicationPort) {
        int outbound = FreePort.find();
        int inbound = FreePort.find();
        Instance.Port port = new Instance.Port("http", 8080, inbound, "127.0.0.1", applicationPort);
        pods.add(new Instance(workload(name), Map.of(), address, outbound, List.of(port), true));
        host(
                name,
                RetryPolicy.DEFAULT,
                new Endpoint(address, inbound, Optional.of(workload(name)), Endpoint.Transport.MESH));
        return outbound;
    }

    static Endpoint plain(int port) {
        return new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }

    Proxy proxy(OutcomeListener outcomes) {
        return proxy(outcomes, LoneAuthority.create());
    }

    Proxy proxy(OutcomeListener outcomes, Certificates certificates) {
        Proxy proxy = new Proxy(
                new ProxyOptions(2),
                this,
                (service, patience) -> CompletableFuture.failedFuture(new IllegalStateException("no capacity")),
                outcomes,
                certificates);
        open.add(proxy::close);
        proxy.start();
        return proxy;
    }

    /** A program's port. */
    int program(Program program) throws IOException {
        ServerSocket server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        open.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket, program));
                } catch (IOException e) {
                    return; // closed
                }
            }
        });
        return server.getLocalPort();
    }

    private static void serve(Socket socket, Program program) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                Optional<String> answer = program.answer(head);
                if (answer.isEmpty()) {
                    return;
                }
                socket.getOutputStream().write(answer.get().getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // the proxy closed it
        }
    }

    static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public Snapshot current() {
        EdgeListener http = new EdgeListener("http", SOURCE, "127.0.0.1", edge, false, List.of());
        return new Snapshot(1, List.of(http), hosts, mesh, groups, pods, Map.of(), List.of());
    }

    @Override
    public void onChange(Consumer<Snapshot> listener) {
        listener.accept(current());
    }

    @Override
    public void close() throws IOException {
        for (Closeable each : open.reversed()) {
            each.close();
        }
    }
}
