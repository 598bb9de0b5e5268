package dev.weft.runtime.volume;

import dev.weft.resources.Resource;
import dev.weft.runtime.linux.Below;
import dev.weft.runtime.linux.SystemPlaces;
import dev.weft.runtime.namespace.FileTree;
import dev.weft.runtime.namespace.MemoryFolder;
import dev.weft.runtime.namespace.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * The volumes of one pod, in a folder that is deleted with it. Owner of the folders' content: this object's monitor, for the
 * pod's thread makes them and another updates them.
 */
public final class PodVolumes implements AutoCloseable {

    /** Where clients look for what they need to reach the API. */
    static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final int READABLE = 0755;
    private static final int WRITABLE = 0777;

    private static final Logger LOG = LoggerFactory.getLogger(PodVolumes.class);

    private final Resource pod;
    private final Path folder;
    private final Sources sources;
    private final boolean hostPaths;
    private final Memory memory;
    private final VolumeGroup group;
    private final Map<String, JsonNode> declared = new LinkedHashMap<>();
    private final Map<String, Path> made = new LinkedHashMap<>();
    private final Map<String, PayloadFolder> payloads = new LinkedHashMap<>();
    private boolean closed;

    /** Makes a folder one in memory, where that can be. */
    public interface Memory {
        void make(MemoryFolder folder) throws IOException;
    }

    PodVolumes(Resource pod, Path folder, Sources sources, boolean hostPaths, Memory memory, VolumeGroup group) {
        this.pod = pod;
        this.folder = folder;
        this.sources = sources;
        this.hostPaths = hostPaths;
        this.memory = memory;
        this.group = group;
        pod.at("/spec/volumes")
                .forEach(volume -> declared.put(volume.path("name").asString(""), volume));
    }

    /** Makes what is not there yet and writes what has changed. */
    public synchronized void prepare() throws VolumeProblem, IOException {
        for (Map.Entry<String, JsonNode> each : declared.entrySet()) {
            if (!closed) {
                prepare(each.getKey(), each.getValue());
            }
        }
    }

    /** The same later; what is missing by now stays as it was. */
    public void refresh() {
        try {
            prepare();
        } catch (VolumeProblem | IOException | RuntimeException e) {
            LOG.debug("the volumes of {} stay as they are", pod.key(), e);
        }
    }

    private void prepare(String name, JsonNode volume) throws VolumeProblem, IOException {
        if (Sources.collects(volume)) {
            Map<String, Payload.Content> files = sources.files(volume);
            PayloadFolder payload = payloads.get(name);
            if (payload == null) {
                payload = new PayloadFolder(make(name, READABLE, false), group);
                payloads.put(name, payload);
            }
            payload.write(files);
        } else if (!made.containsKey(name)) {
            if (volume.has("emptyDir")) {
                Path empty = make(name, WRITABLE, true);
                if (volume.at("/emptyDir/medium").asString("").equals("Memory")) {
                    long bytesMax =
                            Quantity.bytes(volume.at("/emptyDir/sizeLimit").asString(""));
                    memory.make(new MemoryFolder(empty, bytesMax, group.number()));
                }
            } else if (volume.has("hostPath")) {
                made.put(name, hostPath(name, volume.path("hostPath")));
            } else {
                List<String> kinds = new ArrayList<>(volume.propertyNames());
                kinds.remove("name");
                throw new VolumeProblem(
                        "volume " + name + " is of the kind " + String.join(", ", kinds)
                                + ", which is not built; built are emptyDir, configMap, secret, projected, downwardAPI, hostPath");
            }
        }
    }

    private Path make(String name, int mode, boolean written) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        Path place = folder.resolve(name).normalize();
        if (!folder.equals(place.getParent())) {
            throw new IOException("not a volume's name: " + name);
        }
        Files.createDirectory(place);
        group.ofFolder(place, mode, written);
        made.put(name, place);
        return place;
    }

    private Path hostPath(String name, JsonNode source) throws VolumeProblem, IOException {
        if (!hostPaths) {
            throw new VolumeProblem("volume " + name + " is a hostPath, which pods of namespace " + pod.namespace()
                    + " may not have; allow it: kubectl annotate namespace " + pod.namespace() + " "
                    + Volumes.HOST_PATHS + "=allow");
        }
        Path path = Path.of(source.path("path").asString("/"));
        String type = source.path("type").asString("");
        if (type.equals("DirectoryOrCreate")) {
            Files.createDirectories(path);
        } else if (type.equals("FileOrCreate") && !Files.exists(path)) {
            Files.createFile(path);
        }
        boolean right = switch (type) {
            case "", "DirectoryOrCreate", "FileOrCreate" -> Files.exists(path);
            case "Directory" -> Files.isDirectory(path);
            case "File" -> Files.isRegularFile(path);
            default -> throw new VolumeProblem("volume " + name + ": hostPath of type " + type + " is not built");
        };
        if (!right) {
            throw new VolumeProblem("volume " + name + ": " + path + " does not exist on this machine"
                    + (type.isEmpty() ? "" : ", or is no " + type));
        }
        return path;
    }

    /**
     * What a container mounts.
     *
     * @param mounts its {@code volumeMounts}
     * @param expand puts its environment's variables into a {@code subPathExpr}
     */
    public synchronized List<Shown> shown(JsonNode mounts, UnaryOperator<String> expand)
            throws VolumeProblem, IOException {
        List<Shown> shown = new ArrayList<>();
        for (JsonNode mount : mounts) {
            String name = mount.path("name").asString("");
            Path volume = Optional.ofNullable(made.get(name))
                    .orElseThrow(() -> new VolumeProblem("volumeMounts: there is no volume " + name));
            String sub = mount.has("subPathExpr")
                    ? expand.apply(mount.path("subPathExpr").asString(""))
                    : mount.path("subPath").asString("");
            Path target = Path.of(mount.path("mountPath").asString(""));
            if (!target.isAbsolute()) {
                throw new VolumeProblem("volumeMounts: mountPath \"" + target + "\" (expected: an absolute path)");
            }
            Optional<String> refusal = SystemPlaces.refusal(target);
            if (refusal.isPresent()) {
                throw new VolumeProblem("volumeMounts: " + refusal.get());
            }
            boolean readOnly = mount.path("readOnly").asBoolean(false) || payloads.containsKey(name);
            shown.add(new Shown(volume, below(sub), target, readOnly));
        }
        return shown;
    }

    /** A path in a volume; the mount itself looks where its links lead. */
    private static Path below(String sub) throws VolumeProblem {
        Path path = Path.of(sub).normalize();
        if (path.isAbsolute() || path.startsWith("..")) {
            throw new VolumeProblem("volumeMounts: subPath " + sub + " leads out of its volume");
        }
        return path;
    }

    /** Where volumes are, for programs that do not see them at their mount paths: {@code VOLUME_NAME}. */
    public static Map<String, String> told(JsonNode mounts, List<Shown> shown) throws IOException {
        Map<String, String> told = new LinkedHashMap<>();
        for (int i = 0; i < shown.size(); i++) {
            String name = mounts.path(i).path("name").asString("");
            told.put(
                    "VOLUME_" + name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_'),
                    place(shown.get(i)).toString());
        }
        return told;
    }

    private static Path place(Shown shown) throws IOException {
        return shown.below().toString().isEmpty() ? shown.source() : Below.looked(shown.source(), shown.below());
    }

    /** Deletes them. */
    @Override
    public synchronized void close() {
        closed = true;
        FileTree.delete(folder);
    }
}
