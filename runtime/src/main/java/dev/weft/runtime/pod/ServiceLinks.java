package dev.weft.runtime.pod;

import dev.weft.model.traffic.DeclaredProtocol;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.ServiceName;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.PortProtocols;
import dev.weft.resources.core.Service;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The variables by which a program finds the services of its namespace, as Kubernetes has them. A service that is declared to
 * speak HTTP alone is told by name, which the proxy that the program is told of knows; any other by the address and ports of
 * the pod's outlets to it, where there are some.
 */
final class ServiceLinks {

    private final ResourceStore store;

    ServiceLinks(ResourceStore store) {
        this.store = store;
    }

    /** The service ports that a pod of this namespace needs an outlet to, ordered by service. */
    List<ServicePort> wanted(String namespace) {
        List<ServicePort> wanted = new ArrayList<>();
        Map<String, String> annotations = annotations(namespace);
        for (Service service : services(namespace)) {
            boolean requestsAlone = service.ports().stream().allMatch(port -> isRequests(port, service, annotations));
            if (!requestsAlone) {
                service.ports().stream()
                        .filter(port -> port.protocol().equals("TCP"))
                        .forEach(port -> wanted.add(new ServicePort(name(service), port.port())));
            }
        }
        return wanted;
    }

    private static boolean isRequests(Service.Port port, Service service, Map<String, String> namespace) {
        DeclaredProtocol.Kind kind = PortProtocols.of(port, service.resource().annotations(), namespace)
                .kind();
        return kind == DeclaredProtocol.Kind.HTTP1 || kind == DeclaredProtocol.Kind.HTTP2;
    }

    /** All variables, for a pod with these outlets on its address. */
    Map<String, String> variables(String namespace, String address, List<Instance.Outlet> outlets) {
        Map<String, String> links = new LinkedHashMap<>();
        for (Service service : services(namespace)) {
            Map<Integer, Integer> ports = new LinkedHashMap<>();
            outlets.stream()
                    .filter(outlet -> outlet.service().equals(name(service)))
                    .forEach(outlet -> ports.put(outlet.servicePort(), outlet.port()));
            String host = ports.isEmpty() ? name(service).host() : address;
            add(links, service, host, ports);
        }
        return links;
    }

    private static void add(Map<String, String> links, Service service, String host, Map<Integer, Integer> ports) {
        String prefix = variable(service.resource().name());
        links.put(prefix + "_SERVICE_HOST", host);
        int first = service.ports().isEmpty() ? 80 : service.ports().getFirst().port();
        links.put(prefix + "_SERVICE_PORT", Integer.toString(ports.getOrDefault(first, first)));
        for (Service.Port port : service.ports()) {
            int number = ports.getOrDefault(port.port(), port.port());
            if (!port.name().isEmpty()) {
                links.put(prefix + "_SERVICE_PORT_" + variable(port.name()), Integer.toString(number));
            }
            if (ports.containsKey(port.port())) { // Docker's form, which needs an address
                String url = "tcp://" + host + ":" + number;
                String one = prefix + "_PORT_" + port.port() + "_TCP";
                links.putIfAbsent(prefix + "_PORT", url);
                links.put(one, url);
                links.put(one + "_PROTO", "tcp");
                links.put(one + "_PORT", Integer.toString(number));
                links.put(one + "_ADDR", host);
            }
        }
    }

    private List<Service> services(String namespace) {
        return store.list(Kinds.SERVICE).stream()
                .filter(resource -> resource.namespace().equals(namespace))
                .map(resource -> Service.read(resource).value())
                .flatMap(Optional::stream)
                .toList();
    }

    private Map<String, String> annotations(String namespace) {
        return store.get(Kinds.NAMESPACE.key("", namespace))
                .map(Resource::annotations)
                .orElse(Map.of());
    }

    private static ServiceName name(Service service) {
        return new ServiceName(
                service.resource().namespace(), service.resource().name());
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
