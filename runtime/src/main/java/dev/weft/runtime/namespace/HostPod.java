package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.Mounts;
import dev.weft.runtime.linux.Namespaces;
import dev.weft.runtime.linux.Namespaces.Kind;
import dev.weft.runtime.linux.Sockets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The mounts of a pod whose network, host name and message queues are this machine's. The maker's thread makes them. */
public final class HostPod implements AutoCloseable {

    private final Maker maker;
    private final PodFiles files;
    private final int mounts;

    private HostPod(Maker maker, PodFiles files, int mounts) {
        this.maker = maker;
        this.files = files;
        this.mounts = mounts;
    }

    /**
     * Makes them.
     *
     * @param folder made, and deleted in the end
     */
    public static HostPod make(Maker maker, Path folder) throws IOException {
        PodFiles files = PodFiles.none(folder);
        try {
            int mounts = maker.call(() -> {
                try {
                    Namespaces.leave(Kind.MOUNTS);
                    Mounts.detach();
                    return Namespaces.own(Kind.MOUNTS);
                } finally {
                    maker.goHome();
                }
            });
            return new HostPod(maker, files, mounts);
        } catch (IOException | RuntimeException e) {
            files.delete();
            throw e;
        }
    }

    /** As {@link PodNamespace#mounts}. */
    public ContainerMounts mounts(String container, Set<Path> kept, Hidden hidden, List<Shown> shown)
            throws IOException {
        return ContainerMounts.make(maker, mounts, files, container, kept, hidden, shown, List.of());
    }

    /** As {@link PodNamespace#memory}. */
    public void memory(MemoryFolder folder) throws IOException {
        ContainerMounts.memory(maker, mounts, folder);
    }

    /** The kernel ends them with the last process in them. */
    @Override
    public void close() {
        if (!maker.execute(() -> Sockets.close(mounts))) {
            Sockets.close(mounts);
        }
        files.delete();
    }
}
