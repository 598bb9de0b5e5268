package dev.weft.control.endpoint;

import dev.weft.model.workload.Instance;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.Service;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes an EndpointSlice for each Service with a selector, for {@code kubectl} to show; nothing here reads them. */
public final class EndpointSliceWriter {

    private final ResourceStore store;
    private final Map<Key, ObjectNode> written = new HashMap<>();

    public EndpointSliceWriter(ResourceStore store) {
        this.store = store;
    }

    /** Writes the slices that were not written like this before. */
    public void write(Collection<Service> services, List<Instance> instances) {
        InstanceIndex index = new InstanceIndex(instances);
        for (Service service : services) {
            if (!service.selector().isEmpty()) {
                write(service, index);
            }
        }
        Set<Key> wanted = services.stream().map(EndpointSliceWriter::key).collect(Collectors.toSet());
        written.keySet().retainAll(wanted);
    }

    private void write(Service service, InstanceIndex index) {
        Key key = key(service);
        ObjectNode slice = slice(key, service, index);
        if (slice.equals(written.get(key))
                || store.get(service.resource().key()).isEmpty()) {
            return;
        }
        store.apply(new Resource(Kinds.ENDPOINT_SLICE, slice));
        written.put(key, slice);
    }

    private static Key key(Service service) {
        Resource resource = service.resource();
        return Kinds.ENDPOINT_SLICE.key(resource.namespace(), resource.name() + "-weft");
    }

    private static ObjectNode slice(Key key, Service service, InstanceIndex index) {
        Resource owner = service.resource();
        ObjectNode json = Resource.of(key).edit();
        ObjectNode metadata = json.withObject("/metadata");
        ObjectNode labels = metadata.putObject("labels");
        labels.put("kubernetes.io/service-name", owner.name());
        labels.put("endpointslice.kubernetes.io/managed-by", "weft");
        ObjectNode reference = metadata.putArray("ownerReferences").addObject();
        reference.put("apiVersion", owner.kind().apiVersion());
        reference.put("kind", owner.kind().kind());
        reference.put("name", owner.name());
        reference.put("uid", owner.uid());
        reference.put("controller", true);
        json.put("addressType", "IPv4");
        ArrayNode endpoints = json.putArray("endpoints");
        List<Instance> selected = index.select(owner.namespace(), service.selector());
        for (Instance instance : selected) {
            ObjectNode endpoint = endpoints.addObject();
            endpoint.putArray("addresses").add(instance.podAddress());
            ObjectNode conditions = endpoint.putObject("conditions");
            conditions.put("ready", instance.ready());
            conditions.put("serving", instance.ready());
            conditions.put("terminating", false);
            ObjectNode target = endpoint.putObject("targetRef");
            target.put("kind", "Pod");
            target.put("namespace", instance.workload().namespace());
            target.put("name", instance.workload().name());
        }
        ArrayNode ports = json.putArray("ports");
        for (Service.Port port : service.ports()) {
            ObjectNode entry = ports.addObject();
            entry.put("name", port.name());
            entry.put("protocol", port.protocol());
            PortNumbers.of(port, selected).ifPresent(number -> entry.put("port", number));
        }
        return json;
    }
}
