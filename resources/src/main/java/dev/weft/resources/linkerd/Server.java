package dev.weft.resources.linkerd;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.Map;
import java.util.Optional;

/**
 * Pods, and one of their ports, by name for a rate limit to refer to.
 *
 * @param podLabels labels of the pods, all of them; empty for every pod of the namespace
 * @param port of those pods, a number or a name
 */
public record Server(Resource resource, Map<String, String> podLabels, String port) {

    public Server {
        podLabels = Map.copyOf(podLabels);
    }

    public static Read<Server> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Server of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            Optional<String> port = spec.textOrNumber("port");
            if (port.isEmpty()) {
                spec.missing("port", "a number or a name");
            }
            spec.unsupported("proxyProtocol", "accessPolicy", "externalWorkloadSelector");
            Map<String, String> labels = spec.requiredObject("podSelector", selector -> {
                selector.unsupported("matchExpressions");
                return selector.textMap("matchLabels");
            });
            return new Server(resource, labels, port.orElse(""));
        });
    }
}
