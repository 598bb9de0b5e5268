package dev.weft.runtime.wire;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.runtime.names.ClusterNames;
import dev.weft.runtime.names.NameServer;
import dev.weft.runtime.namespace.ContainerMounts;
import dev.weft.runtime.namespace.Hidden;
import dev.weft.runtime.namespace.HostPod;
import dev.weft.runtime.namespace.Maker;
import dev.weft.runtime.namespace.MemoryFolder;
import dev.weft.runtime.namespace.PodAddresses;
import dev.weft.runtime.namespace.PodFiles;
import dev.weft.runtime.namespace.PodNamespace;
import dev.weft.runtime.process.Program;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.process.Spawner;
import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Each pod has a network to itself, in which everything that it connects to comes to the node's proxy, and names are answered.
 * The proxy listens for the pod at an address in 127/8 of this machine, which no pod reaches.
 */
public final class NamespaceWire implements Wire {

    private static final Path ROOT = Path.of("/");

    /** The name of a pod that is not known yet. */
    private static final String SPARE = "spare";

    private static final Pattern IN_TEMPORARY = Pattern.compile("/tmp/(?!\\.\\.?/)[^/\\s:;,='\"()]+");

    private final Spawner spawner;
    private final Maker maker;
    private final ClusterNames names;
    private final Path data;
    private final Path folder;
    private final int firstInboundPort;
    private final LoopbackAddresses nodeAddresses;
    private final PodNumbers numbers = new PodNumbers(PodAddresses.COUNT);
    private final Map<String, PodNamespace> networks = new ConcurrentHashMap<>();

    /**
     * Sweeps what an earlier run left in the folder.
     *
     * @param maker this wire's own from now on
     * @param data the platform's folder, which pods do not see; files that they see in place of the system's are in it
     * @param firstInboundPort the inbound listeners' first port; further ports of a pod follow it
     */
    public NamespaceWire(
            Spawner spawner, Maker maker, ClusterNames names, Path data, int firstInboundPort, RandomGenerator random) {
        this.spawner = spawner;
        this.maker = maker;
        this.names = names;
        this.data = data;
        this.folder = data.resolve("pods");
        this.firstInboundPort = firstInboundPort;
        this.nodeAddresses = new LoopbackAddresses(random, firstInboundPort);
        PodFiles.sweep(folder);
    }

    @Override
    public String description() {
        return "a network for each pod, which only the mesh leads out of: every pod may listen on port 8080, and"
                + " reaches services by their names";
    }

    /** The network of the pod {@code namespace/name}, while it has one; from any thread. */
    public Optional<PodNamespace> network(String pod) {
        return Optional.ofNullable(networks.get(pod));
    }

    @Override
    public PodWire connect(String namespace, String pod, List<DeclaredPort> declared) throws IOException {
        String nodeAddress = nodeAddresses.take();
        int number = numbers.take();
        try {
            return connect(namespace, pod, declared, number, nodeAddress);
        } catch (IOException | RuntimeException e) {
            numbers.giveBack(number);
            nodeAddresses.giveBack(nodeAddress);
            throw e;
        }
    }

    private PodWire connect(String namespace, String pod, List<DeclaredPort> declared, int number, String nodeAddress)
            throws IOException {
        PodAddresses addresses = PodAddresses.of(number);
        PodFiles files = files(namespace, pod, number);
        PodNamespace network = PodNamespace.make(maker, pod, addresses, files);
        return named(namespace, pod, declared, network, number, nodeAddress);
    }

    private PodFiles files(String namespace, String pod, int number) throws IOException {
        Path own = folder.resolve(Integer.toString(number));
        return PodFiles.write(own, namespace, pod, PodAddresses.of(number), ClusterNames.NAME_SERVER);
    }

    private PodWire named(
            String namespace,
            String pod,
            List<DeclaredPort> declared,
            PodNamespace network,
            int number,
            String nodeAddress)
            throws IOException {
        try {
            NameServer nameServer = NameServer.start(network, names, namespace + "/" + pod);
            return new NamespacePodWire(namespace + "/" + pod, network, nameServer, declared, number, nodeAddress);
        } catch (IOException | RuntimeException e) {
            network.close();
            throw e;
        }
    }

    @Override
    public PodWire connectOnHost(String namespace, String pod, List<DeclaredPort> declared) throws IOException {
        String nodeAddress = nodeAddresses.take();
        int number = numbers.take();
        Runnable gone = () -> {
            numbers.giveBack(number);
            nodeAddresses.giveBack(nodeAddress);
        };
        try {
            HostPod own = HostPod.make(maker, folder.resolve(Integer.toString(number)));
            return new HostPodWire(spawner, declared, firstInboundPort, nodeAddress, Optional.of(own), data, gone);
        } catch (IOException | RuntimeException e) {
            gone.run();
            throw e;
        }
    }

    @Override
    public SpareWire reserve() throws IOException {
        String nodeAddress = nodeAddresses.take();
        int number = numbers.take();
        try {
            PodFiles files = files("default", SPARE, number);
            PodNamespace network = PodNamespace.make(maker, SPARE, PodAddresses.of(number), files);
            return new Reserved(network, files, number, nodeAddress);
        } catch (IOException | RuntimeException e) {
            numbers.giveBack(number);
            nodeAddresses.giveBack(nodeAddress);
            throw e;
        }
    }

    @Override
    public void close() {
        maker.close();
    }

    /** A network that has its addresses, and gets its names with its pod. */
    private final class Reserved implements SpareWire {

        private final PodNamespace network;
        private final PodFiles files;
        private final int number;
        private final String nodeAddress;

        Reserved(PodNamespace network, PodFiles files, int number, String nodeAddress) {
            this.network = network;
            this.files = files;
            this.number = number;
            this.nodeAddress = nodeAddress;
        }

        @Override
        public Map<String, String> environment() {
            return Map.of();
        }

        @Override
        public RunningProcess park(List<String> command, Map<String, String> environment, Runnable died)
                throws IOException {
            ContainerMounts mounts = network.parkedMounts();
            try {
                List<String> entrance = mounts.entrance(ROOT);
                return spawner.park(
                        new Program(List.of(), entrance, true, Optional.empty(), command, environment, ROOT), () -> {
                            mounts.close();
                            died.run();
                        });
            } catch (IOException | RuntimeException e) {
                mounts.close();
                throw e;
            }
        }

        @Override
        public PodWire connect(String namespace, String pod, List<DeclaredPort> declared) throws IOException {
            files.rename(namespace, pod, network.addresses(), ClusterNames.NAME_SERVER);
            network.rename(pod);
            return named(namespace, pod, declared, network, number, nodeAddress);
        }

        @Override
        public void close() {
            network.close();
            nodeAddresses.giveBack(nodeAddress);
            numbers.giveBack(number);
        }
    }

    /** One pod's; the pod's own thread uses it. */
    private final class NamespacePodWire implements PodWire {

        private final String pod;
        private final PodNamespace network;
        private final NameServer nameServer;
        private final List<DeclaredPort> declared;
        private final int number;
        private final String nodeAddress;

        NamespacePodWire(
                String pod,
                PodNamespace network,
                NameServer nameServer,
                List<DeclaredPort> declared,
                int number,
                String nodeAddress) {
            this.pod = pod;
            this.network = network;
            this.nameServer = nameServer;
            this.declared = declared;
            this.number = number;
            this.nodeAddress = nodeAddress;
            networks.put(pod, network);
            names.podConnected(pod, network.addresses().address4());
        }

        @Override
        public String address() {
            return network.addresses().text();
        }

        @Override
        public String nodeAddress() {
            return nodeAddress;
        }

        @Override
        public Socket socket() throws IOException {
            return network.call(SocketChannel::open).socket();
        }

        @Override
        public int outboundPort() {
            return PodNamespace.STEERED_PORT;
        }

        @Override
        public List<Instance.Port> assignPorts() {
            List<Instance.Port> assigned = new ArrayList<>();
            for (DeclaredPort port : declared) {
                int inbound = firstInboundPort + assigned.size();
                int own = port.containerPort();
                assigned.add(new Instance.Port(port.name(), own, inbound, address(), own, port.hostPort()));
            }
            return assigned;
        }

        /** Programs reach services by the services' own addresses. */
        @Override
        public List<Instance.Outlet> assignOutlets(List<ServicePort> wanted) {
            return List.of();
        }

        @Override
        public Map<String, String> environment(List<Instance.Port> assigned) {
            Map<String, String> told = new LinkedHashMap<>();
            if (!assigned.isEmpty()) {
                told.put("PORT", Integer.toString(assigned.getFirst().applicationPort()));
            }
            told.put("KUBERNETES_SERVICE_HOST", ClusterNames.API);
            told.put("KUBERNETES_SERVICE_PORT", Integer.toString(ClusterNames.API_PORT));
            told.put("KUBERNETES_SERVICE_PORT_HTTPS", Integer.toString(ClusterNames.API_PORT));
            return told;
        }

        @Override
        public RunningProcess start(Launch launch, Runnable died) throws IOException {
            Hidden hidden = new Hidden(data, launch.files());
            ContainerMounts mounts = network.mounts(launch.container(), needed(launch), hidden, launch.shown());
            try {
                List<String> entrance = mounts.entrance(launch.directory());
                return spawner.start(launch.program(entrance, true), () -> {
                    mounts.close();
                    died.run();
                });
            } catch (IOException | RuntimeException e) {
                mounts.close();
                throw e;
            }
        }

        @Override
        public void become(RunningProcess parked, Launch launch, RunningProcess.Message message) throws IOException {
            Hidden hidden = new Hidden(data, launch.files());
            network.show(parked.pid(), launch.container(), needed(launch), hidden, launch.shown());
            parked.become(launch.program(network.entrance(launch.directory()), true), message);
        }

        @Override
        public boolean shows() {
            return true;
        }

        @Override
        public void memory(MemoryFolder folder) throws IOException {
            network.memory(folder);
        }

        @Override
        public void close() {
            networks.remove(pod, network);
            names.podGone(pod, network.addresses().address4());
            nameServer.close();
            network.close();
            nodeAddresses.giveBack(nodeAddress);
            numbers.giveBack(number);
        }
    }

    /** The entries of this machine's /tmp that the working directory, the command or the environment names. */
    static Set<Path> needed(Launch launch) {
        Set<Path> needed = new HashSet<>();
        Stream.of(
                        Stream.of(launch.directory().toString()),
                        launch.command().stream(),
                        launch.environment().values().stream())
                .flatMap(words -> words)
                .forEach(word -> {
                    Matcher matcher = IN_TEMPORARY.matcher(word);
                    while (matcher.find()) {
                        needed.add(Path.of(matcher.group()));
                    }
                });
        return needed;
    }
}
