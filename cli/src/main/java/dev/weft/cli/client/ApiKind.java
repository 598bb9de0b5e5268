package dev.weft.cli.client;

import java.util.List;
import java.util.Locale;

/** A kind as the server's discovery names it. */
public record ApiKind(
        String group, String version, String kind, String plural, boolean namespaced, List<String> shortNames) {

    /** {@code ksvc}, {@code service.serving.knative.dev}, {@code services}, {@code Service}: all of them are understood. */
    boolean answersTo(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        String singular = kind.toLowerCase(Locale.ROOT);
        return lower.equals(plural)
                || lower.equals(singular)
                || shortNames.contains(lower)
                || lower.equals(plural + "." + group)
                || lower.equals(singular + "." + group);
    }

    /** The same in another version. */
    public ApiKind in(String otherVersion) {
        return new ApiKind(group, otherVersion, kind, plural, namespaced, shortNames);
    }

    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The collection's path; an empty namespace means all of them. */
    public String path(String namespace) {
        String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
        return root + (namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "") + "/" + plural;
    }

    public String path(String namespace, String name) {
        return path(namespace) + "/" + name;
    }
}
