package dev.weft.control.endpoint;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.Service;
import dev.weft.resources.core.ServiceEndpoints;
import dev.weft.resources.reading.Equality;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the Endpoints of each Service with a selector, for {@code kubectl} and client libraries; nothing here reads them.
 * Those of a Service without a selector are their author's.
 */
public final class EndpointsWriter {

    private final ResourceStore store;

    public EndpointsWriter(ResourceStore store) {
        this.store = store;
    }

    /** Writes those that are not like this in the store. */
    public void write(Collection<Service> services, List<Instance> instances) {
        InstanceIndex index = new InstanceIndex(instances);
        for (Service service : services) {
            if (!service.selector().isEmpty()) {
                write(service, index);
            }
        }
    }

    private void write(Service service, InstanceIndex index) {
        Key key = key(service);
        ObjectNode endpoints = endpoints(key, service, index);
        boolean there = store.get(key).filter(it -> same(it, endpoints)).isPresent();
        if (!there && store.get(service.resource().key()).isPresent()) {
            store.apply(new Resource(Kinds.ENDPOINTS, endpoints));
        }
    }

    /** In what is written here; others may have added labels. */
    private static boolean same(Resource stored, ObjectNode wanted) {
        return ServiceEndpoints.mirrored(stored)
                && Stream.of("/metadata/ownerReferences", "/subsets")
                        .allMatch(part -> Equality.same(stored.at(part), wanted.at(part)));
    }

    private static Key key(Service service) {
        return Kinds.ENDPOINTS.key(
                service.resource().namespace(), service.resource().name());
    }

    private static ObjectNode endpoints(Key key, Service service, InstanceIndex index) {
        Resource owner = service.resource();
        ObjectNode json = Resource.of(key).edit();
        ObjectNode metadata = json.withObject("/metadata");
        metadata.putObject("labels").put(ServiceEndpoints.MANAGED_BY, "weft");
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", owner.kind().apiVersion())
                .put("kind", owner.kind().kind())
                .put("name", owner.name())
                .put("uid", owner.uid());
        ArrayNode subsets = json.putArray("subsets");
        List<Instance> selected = index.select(owner.namespace(), service.selector());
        if (selected.isEmpty()) {
            return json;
        }
        ObjectNode subset = subsets.addObject();
        for (Instance instance : selected) {
            String list = instance.ready() ? "addresses" : "notReadyAddresses";
            address(subset.withArrayProperty(list).addObject(), instance);
        }
        ports(service, selected).ifPresent(ports -> subset.set("ports", ports));
        return json;
    }

    private static void address(ObjectNode into, Instance instance) {
        into.put("ip", instance.podAddress());
        into.put("nodeName", "local");
        into.putObject("targetRef")
                .put("kind", "Pod")
                .put("namespace", instance.workload().namespace())
                .put("name", instance.workload().name());
    }

    private static Optional<ArrayNode> ports(Service service, List<Instance> selected) {
        ArrayNode ports = JsonNodeFactory.instance.arrayNode();
        for (Service.Port port : service.ports()) {
            PortNumbers.of(port, selected).ifPresent(number -> {
                ObjectNode entry = ports.addObject().put("port", number).put("protocol", port.protocol());
                if (!port.name().isEmpty()) {
                    entry.put("name", port.name());
                }
            });
        }
        return ports.isEmpty() ? Optional.empty() : Optional.of(ports);
    }
}
