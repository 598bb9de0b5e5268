package dev.weft.cli.platform;

import dev.weft.proxy.network.Meaning;
import dev.weft.proxy.network.Networks;
import dev.weft.proxy.network.PodNetwork;
import dev.weft.runtime.LocalRuntime;
import dev.weft.runtime.names.ClusterNames;
import dev.weft.runtime.names.Reached;
import dev.weft.runtime.namespace.PodNamespace;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Introduces the runtime's networks of pods to the proxy. */
record PodNetworks(LocalRuntime runtime) implements Networks {

    @Override
    public Optional<PodNetwork> of(String pod) {
        return runtime.network(pod).map(network -> new One(network, pod, runtime.names()));
    }

    @Override
    public boolean everyPod() {
        return runtime.separatesPods();
    }

    /** Equal to any other for the same network. */
    private record One(PodNamespace network, String pod, ClusterNames names) implements PodNetwork {

        @Override
        public boolean execute(Runnable maker) {
            return network.execute(maker);
        }

        @Override
        public int listener() throws IOException {
            return network.listener();
        }

        @Override
        public Meaning meaning(InetSocketAddress asked) {
            return switch (names.reached(pod, asked)) {
                case Reached.ServiceAddress service -> new Meaning.Service(service.servicePort());
                case Reached.PodAddress other -> new Meaning.Pod(other.pod(), other.port());
                case Reached.Outside outside -> new Meaning.Outside(outside.name(), outside.address(), outside.port());
                case Reached.Nothing nothing -> new Meaning.Nothing(nothing.reason());
            };
        }
    }
}
