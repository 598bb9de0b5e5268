package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.Sockets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** What one container's programs see of this machine's files; see {@link PodNamespace#mounts}. Close it after their start. */
public final class ContainerMounts implements AutoCloseable {

    private final Maker maker;
    private final int descriptor;
    private final Function<Path, List<String>> entrance;

    ContainerMounts(Maker maker, int descriptor, Function<Path, List<String>> entrance) {
        this.maker = maker;
        this.descriptor = descriptor;
        this.entrance = entrance;
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
