package dev.weft.runtime.wire;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.runtime.namespace.ContainerMounts;
import dev.weft.runtime.namespace.Hidden;
import dev.weft.runtime.namespace.HostPod;
import dev.weft.runtime.namespace.MemoryFolder;
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

/**
 * A pod that shares this machine's network by its own wish ({@code hostNetwork}). Others reach it through the mesh at the
 * ports that it declares; what it calls itself leaves the mesh, so it has no way in there.
 */
final class HostPodWire implements PodWire {

    private static final String LOCALHOST = "127.0.0.1";

    private final Spawner spawner;
    private final List<DeclaredPort> declared;
    private final int firstInboundPort;
    private final String nodeAddress;
    private final Optional<HostPod> mounts;
    private final Path data;
    private final Runnable gone;

    /**
     * @param nodeAddress where the node's proxy listens for it
     * @param mounts its own, where pods have such
     * @param data the platform's folder, which it does not see then
     * @param gone called when it has ended
     */
    HostPodWire(
            Spawner spawner,
            List<DeclaredPort> declared,
            int firstInboundPort,
            String nodeAddress,
            Optional<HostPod> mounts,
            Path data,
            Runnable gone) {
        this.spawner = spawner;
        this.declared = declared;
        this.firstInboundPort = firstInboundPort;
        this.nodeAddress = nodeAddress;
        this.mounts = mounts;
        this.data = data;
        this.gone = gone;
    }

    @Override
    public String address() {
        return LOCALHOST;
    }

    @Override
    public String nodeAddress() {
        return nodeAddress;
    }

    @Override
    public Socket socket() {
        return new Socket();
    }

    @Override
    public int outboundPort() {
        return Instance.NO_WAY_OUT;
    }

    @Override
    public List<Instance.Port> assignPorts() {
        List<Instance.Port> assigned = new ArrayList<>();
        for (DeclaredPort port : declared) { // its ports are this machine's already, whatever hostPort says
            int inbound = firstInboundPort + assigned.size();
            int own = port.containerPort();
            assigned.add(new Instance.Port(port.name(), own, inbound, LOCALHOST, own));
        }
        return assigned;
    }

    @Override
    public List<Instance.Outlet> assignOutlets(List<ServicePort> wanted) {
        return List.of();
    }

    @Override
    public Map<String, String> environment(List<Instance.Port> ports) {
        Map<String, String> told = new LinkedHashMap<>();
        if (!ports.isEmpty()) {
            told.put("PORT", Integer.toString(ports.getFirst().applicationPort()));
        }
        return told;
    }

    @Override
    public RunningProcess start(Launch launch, Runnable died) throws IOException {
        if (mounts.isEmpty()) {
            return spawner.start(launch.program(List.of(), false), died);
        }
        Hidden hidden = new Hidden(data, launch.files());
        ContainerMounts own =
                mounts.get().mounts(launch.container(), NamespaceWire.needed(launch), hidden, launch.shown());
        try {
            return spawner.start(launch.program(own.entrance(launch.directory()), false), () -> {
                own.close();
                died.run();
            });
        } catch (IOException | RuntimeException e) {
            own.close();
            throw e;
        }
    }

    @Override
    public boolean shows() {
        return mounts.isPresent();
    }

    @Override
    public void memory(MemoryFolder folder) throws IOException {
        if (mounts.isPresent()) {
            mounts.get().memory(folder);
        }
    }

    @Override
    public void close() {
        mounts.ifPresent(HostPod::close);
        gone.run();
    }
}
