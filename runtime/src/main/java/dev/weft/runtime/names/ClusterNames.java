package dev.weft.runtime.names;

import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Change;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.Service;
import dev.weft.runtime.names.ClusterAddress.Range;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The names and addresses of everything in the cluster, and of what pods have asked for outside. Addresses are read on event
 * loops: those maps take no lock, but for the short one of the outside's names.
 */
public final class ClusterNames {

    /** The name server that pods ask; every pod's network answers for it itself. */
    public static final String NAME_SERVER = "10.96.0.10";

    /** The API, for pods; its certificate names it. */
    public static final String API = "10.96.0.1";

    /** Where the API is on that address. */
    public static final int API_PORT = 443;

    /** The annotation of a Namespace whose pods may not leave the mesh; its value is {@code deny}, else {@code allow}. */
    public static final String EGRESS = "weft.dev/egress-policy";

    private static final Logger LOG = LoggerFactory.getLogger(ClusterNames.class);
    private static final int NAME_SERVER_NUMBER = 10;
    private static final int API_NUMBER = 1;
    private static final String API_NAME = "kubernetes.default.svc";
    private static final int HOST_NUMBER = 2;
    private static final String LOCALHOST = "127.0.0.1";
    private static final String HOST_NAME = "host.weft.internal";

    private final ResourceStore store;
    private final Supplier<List<Instance>> instances;
    private final ServiceAddresses services = new ServiceAddresses();
    private final Map<Integer, String> pods = new ConcurrentHashMap<>();
    private final Map<String, Integer> podNumbers = new ConcurrentHashMap<>();
    private final Set<String> denied = ConcurrentHashMap.newKeySet();
    private volatile Set<Integer> closedPorts = Set.of();
    private volatile int apiPort;
    private final AskedNames asked = new AskedNames();

    /** @param instances what runs now */
    public ClusterNames(ResourceStore store, Supplier<List<Instance>> instances) {
        this.store = store;
        this.instances = instances;
    }

    /** A pod has got its network. */
    public void podConnected(String pod, InetAddress address) {
        ClusterAddress known = ClusterAddress.of(address);
        if (known != null) {
            pods.put(known.number(), pod);
            podNumbers.put(pod, known.number());
            asked.add(pod);
        }
    }

    /** It is gone with its network. */
    public void podGone(String pod, InetAddress address) {
        ClusterAddress known = ClusterAddress.of(address);
        if (known != null) {
            pods.remove(known.number(), pod);
            podNumbers.remove(pod, known.number());
            asked.remove(pod);
        }
    }

    public void serviceChanged(Change change) {
        if (change.type() == Change.Type.DELETED) {
            services.forget(name(change.resource()));
        } else {
            var _ = Service.read(change.resource())
                    .value()
                    .flatMap(this::address); // programs may know it by its address alone
        }
    }

    public void namespaceChanged(Change change) {
        Resource namespace = change.resource();
        String policy = namespace.annotations().getOrDefault(EGRESS, "allow");
        boolean denies = change.type() != Change.Type.DELETED && !policy.equals("allow");
        if (denies && !policy.equals("deny")) {
            LOG.warn(
                    "Namespace {}: annotation {} is \"{}\" (expected: allow or deny) and counts as deny",
                    namespace.name(),
                    EGRESS,
                    policy);
        }
        if (denies) {
            denied.add(namespace.name());
        } else {
            denied.remove(namespace.name());
        }
    }

    /**
     * Ports of this machine's 127.0.0.1 that are the platform's own.
     *
     * @param api which pods reach as {@code kubernetes.default.svc}, policy or not, as in a cluster
     * @param closed which no pod reaches as the host's
     */
    public void platformPorts(int api, Set<Integer> closed) {
        apiPort = api;
        closedPorts = Set.copyOf(closed);
    }

    /** Whether pods of this namespace may not leave the mesh. */
    boolean denies(String namespace) {
        return denied.contains(namespace);
    }

    /** What a program of the pod {@code namespace/name} reaches there; called on event loops. */
    public Reached reached(String pod, InetSocketAddress target) {
        String namespace = pod.substring(0, pod.indexOf('/'));
        InetAddress address = target.getAddress();
        ClusterAddress known = ClusterAddress.of(address);
        if (known == null) {
            return address.isLoopbackAddress()
                    ? new Reached.Nothing("port " + target.getPort() + " of the pod is Weft's own")
                    : outside(namespace, asked.of(pod, address), address.getHostAddress(), target.getPort());
        }
        return switch (known.range()) {
            case PODS -> {
                String other = pods.get(known.number());
                yield other == null
                        ? new Reached.Nothing("no pod has the address " + address.getHostAddress())
                        : new Reached.PodAddress(other, target.getPort());
            }
            case SERVICES -> ofService(namespace, known.number(), target);
        };
    }

    private Reached ofService(String namespace, int number, InetSocketAddress target) {
        int port = target.getPort();
        if (number == HOST_NUMBER) {
            return closedPorts.contains(port)
                    ? new Reached.Nothing("port " + port + " of " + HOST_NAME + " is Weft's own")
                    : outside(namespace, HOST_NAME, LOCALHOST, port);
        }
        if (number == API_NUMBER) {
            return port == API_PORT && apiPort > 0
                    ? new Reached.Outside(API_NAME, LOCALHOST, apiPort)
                    : new Reached.Nothing(API_NAME + " has no port but " + API_PORT);
        }
        Optional<ServiceName> service = services.named(number);
        return service.isPresent()
                ? new Reached.ServiceAddress(new ServicePort(service.get(), port))
                : new Reached.Nothing(
                        "no Service has the address " + target.getAddress().getHostAddress());
    }

    private Reached outside(String namespace, String name, String address, int port) {
        return denied.contains(namespace)
                ? new Reached.Nothing("namespace " + namespace + " denies " + name + ": its annotation " + EGRESS
                        + " says that its pods may not leave the mesh")
                : new Reached.Outside(name, address, port);
    }

    /** That this address was the answer to the pod's question for that name. */
    void knownAs(String pod, InetAddress address, String name) {
        asked.put(pod, address, name);
    }

    Optional<Service> service(String namespace, String name) {
        return store.get(Kinds.SERVICE.key(namespace, name))
                .filter(found -> !found.deleting())
                .flatMap(found -> Service.read(found).value());
    }

    /** The service's own address; empty for one that has none, whose name means its pods. */
    Optional<ClusterAddress> address(Service service) {
        return headless(service)
                ? Optional.empty()
                : Optional.of(new ClusterAddress(
                        Range.SERVICES, services.of(name(service.resource()), declared(service.resource()))));
    }

    /** The number of the address that the service says to have, 0 for none of the services' range. */
    private static int declared(Resource service) {
        try {
            ClusterAddress address = ClusterAddress.of(
                    InetAddress.ofLiteral(service.at("/spec/clusterIP").asString("")));
            return address != null && address.range() == Range.SERVICES ? address.number() : 0;
        } catch (IllegalArgumentException _) {
            return 0; // none, or no address
        }
    }

    /** The service with its address in it, for people and clients; empty where it says one, or has none. */
    public Optional<Resource> withAddress(Resource service) {
        if (service.deleting() || !service.at("/spec/clusterIP").asString("").isEmpty()) {
            return Optional.empty();
        }
        return Service.read(service).value().flatMap(this::address).map(address -> {
            ObjectNode json = service.edit();
            ObjectNode spec = json.withObject("/spec");
            spec.put("clusterIP", address.text());
            spec.putArray("clusterIPs").add(address.text());
            return new Resource(service.kind(), json);
        });
    }

    private static boolean headless(Service service) {
        return service.type() == Service.Type.EXTERNAL_NAME
                || service.resource().at("/spec/clusterIP").asString("").equals("None");
    }

    /** The ready pods of a service, by name. */
    Map<String, ClusterAddress> pods(Service service) {
        Map<String, ClusterAddress> found = new LinkedHashMap<>();
        String namespace = service.resource().namespace();
        for (Instance instance : instances.get()) {
            boolean selected = !service.selector().isEmpty()
                    && instance.labels()
                            .entrySet()
                            .containsAll(service.selector().entrySet());
            if (instance.ready() && selected && instance.workload().namespace().equals(namespace)) {
                String pod = instance.workload().name();
                pod(namespace, pod).ifPresent(address -> found.put(pod, address));
            }
        }
        return found;
    }

    Optional<ClusterAddress> pod(String namespace, String name) {
        return Optional.ofNullable(podNumbers.get(namespace + "/" + name))
                .map(number -> new ClusterAddress(Range.PODS, number));
    }

    /** A name of the platform's own. */
    Optional<ClusterAddress> wellKnown(String name) {
        return switch (name) {
            case HOST_NAME -> Optional.of(new ClusterAddress(Range.SERVICES, HOST_NUMBER));
            case API_NAME + ".cluster.local" -> Optional.of(new ClusterAddress(Range.SERVICES, API_NUMBER));
            case "kube-dns.kube-system.svc.cluster.local" ->
                Optional.of(new ClusterAddress(Range.SERVICES, NAME_SERVER_NUMBER));
            default -> Optional.empty();
        };
    }

    /** The full name of a cluster's address, for the question backwards. */
    Optional<String> name(ClusterAddress address) {
        return switch (address.range()) {
            case SERVICES -> services.named(address.number()).map(ServiceName::host);
            case PODS ->
                Optional.ofNullable(pods.get(address.number())).map(pod -> {
                    String namespace = pod.substring(0, pod.indexOf('/'));
                    byte[] bytes = address.bytes4();
                    return "%d-%d-%d-%d.%s.pod.cluster.local"
                            .formatted(bytes[0], bytes[1] & 0xff, bytes[2] & 0xff, bytes[3] & 0xff, namespace);
                });
        };
    }

    private static ServiceName name(Resource service) {
        return new ServiceName(service.namespace(), service.name());
    }
}
