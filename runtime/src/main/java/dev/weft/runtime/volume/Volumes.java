package dev.weft.runtime.volume;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.namespace.FileTree;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the volumes of pods. */
public final class Volumes {

    /** The annotation of a Namespace whose pods may mount this machine's own folders; its value is {@code allow}. */
    public static final String HOST_PATHS = "weft.dev/host-paths";

    private static final String ACCOUNT_VOLUME = "kube-api-access";

    private final Path folder;
    private final ResourceStore store;
    private final AccountTokens tokens;
    private final InstantSource clock;

    /** Sweeps what pods of an earlier run left in the folder. */
    public Volumes(Path folder, ResourceStore store, AccountTokens tokens, InstantSource clock) {
        this.folder = folder;
        this.store = store;
        this.tokens = tokens;
        this.clock = clock;
        FileTree.delete(folder);
    }

    /**
     * Those of one pod; nothing is made yet.
     *
     * @param group to whom they belong, where this account can give files away
     */
    public PodVolumes of(Resource pod, String address, PodVolumes.Memory memory, OptionalLong group) {
        Sources sources = new Sources(store, tokens, clock, pod, address);
        boolean hostPaths = store.get(Kinds.NAMESPACE.key("", pod.namespace()))
                .map(found -> found.annotations().getOrDefault(HOST_PATHS, "").equals("allow"))
                .orElse(false);
        String name = pod.uid().isEmpty() ? pod.namespace() + "_" + pod.name() : pod.uid();
        return new PodVolumes(pod, folder.resolve(name), sources, hostPaths, memory, new VolumeGroup(group));
    }

    /**
     * The pod with the volume that Kubernetes gives every pod: token, authority and namespace, at the place where clients
     * look for them. Unchanged when the pod or its account does not want it, or there is no API.
     */
    public Resource withAccount(Resource pod) {
        if (tokens.authority().isEmpty() || !automounts(pod)) {
            return pod;
        }
        ObjectNode json = pod.edit();
        ObjectNode spec = json.withObject("/spec");
        ObjectNode projected = spec.withArray("volumes")
                .addObject()
                .put("name", ACCOUNT_VOLUME)
                .putObject("projected");
        ArrayNode sources = projected.putArray("sources");
        sources.addObject().putObject("serviceAccountToken").put("path", "token");
        sources.addObject()
                .putObject("configMap")
                .put("name", "kube-root-ca.crt")
                .putArray("items")
                .addObject()
                .put("key", "ca.crt")
                .put("path", "ca.crt");
        sources.addObject()
                .putObject("downwardAPI")
                .putArray("items")
                .addObject()
                .put("path", "namespace")
                .putObject("fieldRef")
                .put("fieldPath", "metadata.namespace");
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : spec.path(list)) {
                mount((ObjectNode) container);
            }
        }
        return new Resource(pod.kind(), json);
    }

    private static void mount(ObjectNode container) {
        for (JsonNode mount : container.path("volumeMounts")) {
            if (Path.of(mount.path("mountPath").asString("/")).normalize().equals(PodVolumes.ACCOUNT)) {
                return;
            }
        }
        container
                .withArray("volumeMounts")
                .addObject()
                .put("name", ACCOUNT_VOLUME)
                .put("mountPath", PodVolumes.ACCOUNT.toString())
                .put("readOnly", true);
    }

    private boolean automounts(Resource pod) {
        JsonNode own = pod.at("/spec/automountServiceAccountToken");
        if (own.isBoolean()) {
            return own.asBoolean();
        }
        String account = pod.at("/spec/serviceAccountName").asString("default");
        return store.get(Kinds.SERVICE_ACCOUNT.key(pod.namespace(), account))
                .map(found -> found.at("/automountServiceAccountToken").asBoolean(true))
                .orElse(false);
    }
}
