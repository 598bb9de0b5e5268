package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.Mounts;
import dev.weft.runtime.linux.Namespaces;
import dev.weft.runtime.linux.Namespaces.Kind;
import dev.weft.runtime.linux.Sockets;
import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** What one container's programs see of this machine's files; see {@link PodNamespace#mounts}. Close it after their end. */
public final class ContainerMounts implements AutoCloseable {

    private final Maker maker;
    private final int descriptor;
    private final Function<Path, List<String>> entrance;

    private ContainerMounts(Maker maker, int descriptor, Function<Path, List<String>> entrance) {
        this.maker = maker;
        this.descriptor = descriptor;
        this.entrance = entrance;
    }

    /**
     * Makes them.
     *
     * @param pod the mounts of the container's pod
     * @param files the pod's
     * @param others the options of nsenter that lead into further namespaces of the pod
     */
    static ContainerMounts make(
            Maker maker,
            int pod,
            PodFiles files,
            String container,
            Set<Path> kept,
            Hidden hidden,
            List<Shown> shown,
            List<String> others)
            throws IOException {
        Path stage = files.folder("root");
        Path temporary = files.temporary("tmp-" + container);
        int mounts = maker.call(() -> {
            try {
                Namespaces.enter(Kind.MOUNTS, pod);
                Namespaces.leave(Kind.MOUNTS);
                ContainerRoot.build(stage, temporary, kept, hidden, shown);
                return Namespaces.own(Kind.MOUNTS);
            } finally {
                maker.goHome();
            }
        });
        return new ContainerMounts(maker, mounts, directory -> entrance(mounts, others, directory));
    }

    /** The pod's own, for one program alone. */
    static ContainerMounts parked(Maker maker, int pod, List<String> others) throws IOException {
        int mounts = maker.call(() -> {
            try {
                Namespaces.enter(Kind.MOUNTS, pod);
                Namespaces.leave(Kind.MOUNTS);
                return Namespaces.own(Kind.MOUNTS);
            } finally {
                maker.goHome();
            }
        });
        return new ContainerMounts(maker, mounts, directory -> entrance(mounts, others, directory));
    }

    /** Makes the mounts in which a program runs those of a container; it finds itself in their root. */
    static void change(
            Maker maker,
            long program,
            PodFiles files,
            String container,
            Set<Path> kept,
            Hidden hidden,
            List<Shown> shown)
            throws IOException {
        Path stage = files.folder("root");
        Path temporary = files.temporary("tmp-" + container);
        var _ = maker.call(() -> {
            int mounts = Namespaces.of(program, Kind.MOUNTS);
            try {
                Namespaces.enter(Kind.MOUNTS, mounts);
                ContainerRoot.replace(stage, temporary, kept, hidden, shown);
                return stage;
            } finally {
                maker.goHome();
                Sockets.close(mounts);
            }
        });
    }

    /** Makes a folder of this machine's one in memory, in these mounts alone. */
    static void memory(Maker maker, int pod, MemoryFolder folder) throws IOException {
        maker.call(() -> {
            try {
                Namespaces.enter(Kind.MOUNTS, pod);
                Mounts.memory(folder.place().toString(), folder.options());
                return folder;
            } finally {
                maker.goHome();
            }
        });
    }

    /** What leads into namespaces of which this process has descriptors. */
    static List<String> entrance(int mounts, List<String> others, Path directory) {
        List<String> words = new ArrayList<>(List.of(SystemProgram.NSENTER.path(), "--mount=" + file(mounts)));
        words.addAll(others);
        // Entering other mounts begins at their root.
        words.addAll(List.of("--", SystemProgram.SH.path(), "-c", "cd -- \"$1\" && shift && exec \"$@\"", "enter"));
        words.add(directory.toString());
        return words;
    }

    /** A descriptor of this process, for its children. */
    static String file(int descriptor) {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
    }

    /** What stands in front of a command for it to run inside, in this working directory. util-linux's nsenter. */
    public List<String> entrance(Path directory) {
        return entrance.apply(directory);
    }

    /** The kernel keeps them while a program is in them. */
    @Override
    public void close() {
        if (!maker.execute(() -> Sockets.close(descriptor))) {
            Sockets.close(descriptor);
        }
    }
}
