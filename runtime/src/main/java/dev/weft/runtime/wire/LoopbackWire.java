package dev.weft.runtime.wire;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.runtime.namespace.MemoryFolder;
import dev.weft.runtime.process.Program;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.process.Spawner;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Loopback mode: all pods share the host's network. Each has an address of its own in 127/8, where the node's proxy
 * listens for it; the program itself listens on a free port that it is told as {@code PORT}, and is told to call others
 * through its outbound listener as an HTTP proxy.
 */
public final class LoopbackWire implements Wire {

    /** The outlets' first port, on the pod's own address: no service's own number, which the host may use. */
    private static final int FIRST_OUTLET = 4300;

    private static final String LOCALHOST = "127.0.0.1";

    private final Spawner spawner;
    private final int outboundPort;
    private final int firstInboundPort;
    private final LoopbackAddresses addresses;
    private final FreePorts ports;

    /**
     * @param outboundPort the port of every pod's outbound listener, on the pod's address
     * @param firstInboundPort the inbound listeners' first port; further ports of a pod follow it
     */
    public LoopbackWire(Spawner spawner, int outboundPort, int firstInboundPort, RandomGenerator random) {
        this.spawner = spawner;
        this.outboundPort = outboundPort;
        this.firstInboundPort = firstInboundPort;
        this.addresses = new LoopbackAddresses(random, outboundPort);
        this.ports = new FreePorts(random);
    }

    @Override
    public String description() {
        return "loopback mode: every pod has an address of its own in 127/8 and is told its PORT; programs reach the"
                + " mesh by their proxy settings";
    }

    @Override
    public PodWire connect(String namespace, String pod, List<DeclaredPort> declared) {
        return new LoopbackPodWire(addresses.take(), declared);
    }

    /** It listens where it says; no other program of the host may. */
    @Override
    public PodWire connectOnHost(String namespace, String pod, List<DeclaredPort> declared) {
        String address = addresses.take();
        Path nowhere = Path.of("/");
        return new HostPodWire(
                spawner,
                declared,
                firstInboundPort,
                address,
                Optional.empty(),
                nowhere,
                () -> addresses.giveBack(address));
    }

    @Override
    public SpareWire reserve() {
        return new Reserved(new LoopbackPodWire(addresses.take(), List.of()));
    }

    @Override
    public void close() {}

    /** It keeps its address when it becomes a pod's. */
    private final class Reserved implements SpareWire {

        private final LoopbackPodWire nobodys;

        Reserved(LoopbackPodWire nobodys) {
            this.nobodys = nobodys;
        }

        @Override
        public Map<String, String> environment() {
            return nobodys.environment(List.of());
        }

        @Override
        public RunningProcess park(List<String> command, Map<String, String> environment, Runnable died)
                throws IOException {
            return spawner.park(
                    new Program(List.of(), List.of(), false, Optional.empty(), command, environment, Path.of("/")),
                    died);
        }

        @Override
        public PodWire connect(String namespace, String pod, List<DeclaredPort> declared) {
            return new LoopbackPodWire(nobodys.address(), declared);
        }

        @Override
        public void close() {
            nobodys.close();
        }
    }

    /** One pod's; owner of {@code taken}: the pod's own thread. */
    private final class LoopbackPodWire implements PodWire {

        private final String address;
        private final List<DeclaredPort> declared;
        private final List<Integer> taken = new ArrayList<>();

        LoopbackPodWire(String address, List<DeclaredPort> declared) {
            this.address = address;
            this.declared = declared;
        }

        @Override
        public String address() {
            return address;
        }

        @Override
        public String nodeAddress() {
            return address;
        }

        @Override
        public Socket socket() {
            return new Socket();
        }

        @Override
        public int outboundPort() {
            return outboundPort;
        }

        @Override
        public List<Instance.Port> assignPorts() {
            giveBackPorts();
            List<Instance.Port> assigned = new ArrayList<>();
            for (DeclaredPort port : declared) {
                int application = ports.take();
                taken.add(application);
                int inbound = firstInboundPort + assigned.size();
                assigned.add(new Instance.Port(
                        port.name(), port.containerPort(), inbound, LOCALHOST, application, port.hostPort()));
            }
            return assigned;
        }

        @Override
        public List<Instance.Outlet> assignOutlets(List<ServicePort> wanted) {
            List<Instance.Outlet> assigned = new ArrayList<>();
            for (ServicePort each : wanted) {
                assigned.add(new Instance.Outlet(each.service(), each.port(), FIRST_OUTLET + assigned.size()));
            }
            return assigned;
        }

        @Override
        public Map<String, String> environment(List<Instance.Port> assigned) {
            Map<String, String> told = new LinkedHashMap<>();
            if (!assigned.isEmpty()) {
                told.put("PORT", Integer.toString(assigned.getFirst().applicationPort()));
            }
            for (Instance.Port port : assigned) {
                told.put("PORT_" + port.containerPort(), Integer.toString(port.applicationPort()));
            }
            String proxy = "http://" + address + ":" + outboundPort;
            told.put("http_proxy", proxy);
            told.put("HTTP_PROXY", proxy);
            told.put("no_proxy", "localhost,127.0.0.1," + address); // its outlets are no proxies
            told.put("NO_PROXY", "localhost,127.0.0.1," + address);
            told.put(
                    "JDK_JAVA_OPTIONS",
                    "-Dhttp.proxyHost=" + address + " -Dhttp.proxyPort=" + outboundPort
                            + " -Dhttp.nonProxyHosts=localhost|127.0.0.1|" + address);
            return told;
        }

        @Override
        public RunningProcess start(Launch launch, Runnable died) throws IOException {
            return spawner.start(launch.program(List.of(), false), died);
        }

        @Override
        public void become(RunningProcess parked, Launch launch, RunningProcess.Message message) throws IOException {
            parked.become(launch.program(List.of(), false), message);
        }

        @Override
        public boolean shows() {
            return false;
        }

        @Override
        public void memory(MemoryFolder folder) {}

        @Override
        public void close() {
            giveBackPorts();
            addresses.giveBack(address);
        }

        private void giveBackPorts() {
            taken.forEach(ports::giveBack);
            taken.clear();
        }
    }
}
