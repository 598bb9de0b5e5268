package dev.weft.runtime.volume;

import dev.weft.resources.Resource;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What {@code fieldRef} can name. */
public final class PodFields {

    private PodFields() {}

    /** The value of a field path; empty when it is not known here. */
    public static Optional<String> of(Resource pod, String address, String path) {
        if (path.startsWith("metadata.labels['")) {
            return Optional.of(pod.labels().getOrDefault(between(path), ""));
        }
        if (path.startsWith("metadata.annotations['")) {
            return Optional.of(pod.annotations().getOrDefault(between(path), ""));
        }
        return switch (path) {
            case "metadata.name" -> Optional.of(pod.name());
            case "metadata.namespace" -> Optional.of(pod.namespace());
            case "metadata.uid" -> Optional.of(pod.uid());
            case "spec.serviceAccountName" ->
                Optional.of(pod.at("/spec/serviceAccountName").asString("default"));
            case "spec.nodeName" -> Optional.of(pod.at("/spec/nodeName").asString(""));
            case "status.podIP", "status.podIPs" -> Optional.of(address);
            case "status.hostIP", "status.hostIPs" -> Optional.of("127.0.0.1");
            default -> Optional.empty();
        };
    }

    /** The same for a file, which may hold all labels or annotations. */
    static Optional<String> file(Resource pod, String address, String path) {
        return switch (path) {
            case "metadata.labels" -> Optional.of(lines(pod.labels()));
            case "metadata.annotations" -> Optional.of(lines(pod.annotations()));
            default -> of(pod, address, path);
        };
    }

    private static String lines(Map<String, String> values) {
        return values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(each -> each.getKey() + "=\""
                        + each.getValue()
                                .replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n") + "\"\n")
                .collect(Collectors.joining());
    }

    private static String between(String path) {
        return path.substring(path.indexOf('\'') + 1, Math.max(path.lastIndexOf('\''), path.indexOf('\'') + 1));
    }
}
