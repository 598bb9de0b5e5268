package dev.weft.serving.knative;

import dev.weft.serving.activation.RevisionPods;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Names and labels that Knative gives to what it owns. */
final class Names {

    static final String SERVICE_LABEL = "serving.knative.dev/service";
    static final String SERVICE_UID_LABEL = "serving.knative.dev/serviceUID";
    static final String CONFIGURATION_LABEL = "serving.knative.dev/configuration";
    static final String CONFIGURATION_UID_LABEL = "serving.knative.dev/configurationUID";
    static final String GENERATION_LABEL = "serving.knative.dev/configurationGeneration";
    static final String ROUTING_STATE_LABEL = "serving.knative.dev/routingState";
    static final String ROUTING_STATE_MODIFIED = "serving.knative.dev/routingStateModified";
    static final String NO_GC = "serving.knative.dev/no-gc";
    static final String ROUTE_LABEL = "serving.knative.dev/route";
    static final String REVISION_LABEL = RevisionPods.REVISION_LABEL;
    static final String REVISION_UID_LABEL = "serving.knative.dev/revisionUID";
    static final String VISIBILITY_LABEL = "networking.knative.dev/visibility";
    static final String CLUSTER_LOCAL = "cluster-local";
    static final String PROGRESS_DEADLINE = "serving.knative.dev/progress-deadline";

    private static final int NAME_MAX = 63;
    private static final int DIGEST_LENGTH = 32;

    private Names() {}

    /** {@code hello-00007}. */
    static String revision(String configuration, long generation) {
        return child(configuration, String.format(Locale.ROOT, "-%05d", generation));
    }

    /** Parent and suffix, cut and hashed to 63 characters as Knative's {@code kmeta.ChildName} does. */
    static String child(String parent, String suffix) {
        if (parent.length() + suffix.length() <= NAME_MAX) {
            return parent + suffix;
        }
        int head = Math.max(0, NAME_MAX - DIGEST_LENGTH - suffix.length());
        return parent.substring(0, Math.min(head, parent.length())) + digest(parent) + suffix;
    }

    private static String digest(String text) {
        try {
            // A short name for a long one; nothing is secured by it.
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(md5.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5", e);
        }
    }
}
