package dev.weft.runtime.namespace;

import dev.weft.runtime.linux.KernelRefusal;
import dev.weft.runtime.linux.Loopback;
import dev.weft.runtime.linux.Mounts;
import dev.weft.runtime.linux.Namespaces;
import dev.weft.runtime.linux.Namespaces.Kind;
import dev.weft.runtime.linux.Sockets;
import dev.weft.runtime.linux.Steering;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pod's network, mounts, host name and message queues. All that its programs connect to arrives at one listening socket;
 * nothing else leads out. Without a process in it, it ends with {@link #close}.
 *
 * <p>Owner of the descriptors: the maker's thread; this object's monitor keeps the listener while it is duplicated.
 */
public final class PodNamespace implements AutoCloseable {

    /** Where connections are steered to, in the pod's own network; no program's port by custom. */
    public static final int STEERED_PORT = 15_001;

    /** Where questions for names are steered to, likewise. */
    public static final int NAMES_PORT = 15_053;

    private static final Logger LOG = LoggerFactory.getLogger(PodNamespace.class);
    private static final Kind[] ALL = {Kind.NETWORK, Kind.MOUNTS, Kind.NAMES, Kind.QUEUES};

    private final Maker maker;
    private final PodAddresses addresses;
    private final PodFiles files;
    private final Map<Kind, Integer> descriptors = new EnumMap<>(Kind.class);
    private int listener = -1;
    private volatile boolean closed;

    private PodNamespace(Maker maker, PodAddresses addresses, PodFiles files) {
        this.maker = maker;
        this.addresses = addresses;
        this.files = files;
    }

    /**
     * Makes it; takes a few milliseconds.
     *
     * @param name of the pod, its host name inside
     * @param files the namespace's own from now on
     */
    public static PodNamespace make(Maker maker, String name, PodAddresses addresses, PodFiles files)
            throws IOException {
        PodNamespace made = new PodNamespace(maker, addresses, files);
        try {
            maker.call(() -> {
                try {
                    made.setUp(name);
                } finally {
                    maker.goHome();
                }
                return made;
            });
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private void setUp(String name) throws IOException {
        Namespaces.leave(ALL);
        for (Kind kind : ALL) {
            descriptors.put(kind, Namespaces.own(kind));
        }
        Namespaces.hostname(name);
        Loopback.setUp(addresses.address4(), addresses.address6());
        listener = Sockets.listen(STEERED_PORT, maker.way()); // before the rules: they send everybody there
        Steering.setUp(maker.way(), addresses.address4(), addresses.address6(), STEERED_PORT, NAMES_PORT);
        // Any program may listen on port 80, and be reached from addresses that it believes to be others'.
        Files.writeString(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"), "0");
        Files.writeString(Path.of("/proc/sys/net/ipv6/ip_nonlocal_bind"), "1");
        Mounts.detach();
        for (Map.Entry<Path, Path> each : files.shown().entrySet()) {
            Mounts.show(each.getKey().toString(), each.getValue().toString());
        }
        try {
            Mounts.devices();
        } catch (KernelRefusal e) { // in a container whose own /sys is covered in parts
            LOG.debug("the pod sees the host's /sys", e);
        }
    }

    /** Makes it that of a pod with this name; its files have been renamed. */
    public void rename(String name) throws IOException {
        var _ = maker.call(() -> {
            try {
                Namespaces.enter(Kind.NAMES, descriptors.getOrDefault(Kind.NAMES, -1));
                Namespaces.hostname(name);
                return this;
            } finally {
                maker.goHome(Kind.NAMES);
            }
        });
    }

    public PodAddresses addresses() {
        return addresses;
    }

    /** Runs something that makes a socket, soon, inside this network; false when that is gone. See {@link Maker}. */
    public boolean execute(Runnable task) {
        return maker.execute(() -> {
            boolean entered = entered();
            try {
                task.run(); // if not inside, in the empty network, where it reaches nobody; whoever waits hears of it
            } finally {
                if (entered) {
                    leave();
                }
            }
        });
    }

    private boolean entered() {
        try {
            enter();
            return true;
        } catch (IOException e) {
            LOG.debug("the network of {} is gone", addresses.text(), e);
            return false;
        }
    }

    private void enter() throws IOException {
        if (closed) {
            throw new IOException("the pod's network is gone");
        }
        Namespaces.enter(Kind.NETWORK, descriptors.getOrDefault(Kind.NETWORK, -1));
    }

    private void leave() {
        try {
            maker.goHome(Kind.NETWORK);
        } catch (IOException e) {
            LOG.error("the maker did not come back from the network of {}", addresses.text(), e);
        }
    }

    /** Runs something that makes a socket inside this network, and waits for it. */
    public <T> T call(Callable<T> task) throws IOException {
        return maker.call(() -> inside(task));
    }

    private <T> T inside(Callable<T> task) throws IOException {
        enter();
        try {
            return task.call();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            maker.goHome(Kind.NETWORK);
        }
    }

    /**
     * A new descriptor of the socket to which all that the pod's programs connect to is steered; an accepted connection's
     * local address is the one that was asked for, or it tells that address by SO_ORIGINAL_DST. The caller closes it, the socket goes on listening.
     */
    public synchronized int listener() throws IOException {
        if (listener < 0) {
            throw new IOException("the pod's network is gone");
        }
        return Sockets.duplicate(listener);
    }

    /** What stands in front of a command for it to run inside, in this working directory. util-linux's nsenter. */
    public List<String> entrance(Path directory) {
        return ContainerMounts.entrance(mounts(), others(), directory);
    }

    private int mounts() {
        return descriptors.getOrDefault(Kind.MOUNTS, -1);
    }

    private List<String> others() {
        return List.of(
                "--net=" + ContainerMounts.file(descriptors.getOrDefault(Kind.NETWORK, -1)),
                "--uts=" + ContainerMounts.file(descriptors.getOrDefault(Kind.NAMES, -1)),
                "--ipc=" + ContainerMounts.file(descriptors.getOrDefault(Kind.QUEUES, -1)));
    }

    /**
     * The mounts of one container of the pod: this machine's files with a {@code /tmp} of its own and what is shown over them.
     *
     * @param container its name; its {@code /tmp} lasts as long as the pod
     * @param kept entries of the machine's {@code /tmp} that it needs, its program perhaps
     */
    public ContainerMounts mounts(String container, Set<Path> kept, Hidden hidden, List<Shown> shown)
            throws IOException {
        return ContainerMounts.make(maker, mounts(), files, container, kept, hidden, shown, others());
    }

    /** For a program that is parked: this machine's files, until {@link #show}. */
    public ContainerMounts parkedMounts() throws IOException {
        return ContainerMounts.parked(maker, mounts(), others());
    }

    /** The same as {@link #mounts} for a program that runs already, on what {@link #parkedMounts} led it to. */
    public void show(long program, String container, Set<Path> kept, Hidden hidden, List<Shown> shown)
            throws IOException {
        ContainerMounts.change(maker, program, files, container, kept, hidden, shown);
    }

    /** Makes a folder of this machine's one in memory, for this pod alone and as long as it lives. */
    public void memory(MemoryFolder folder) throws IOException {
        ContainerMounts.memory(maker, mounts(), folder);
    }

    /** Lets go of it; the kernel ends it with its last process and socket. */
    @Override
    public void close() {
        closed = true;
        boolean runs = maker.execute(this::release);
        if (!runs) {
            release();
        }
        files.delete();
    }

    private synchronized void release() {
        descriptors.values().forEach(Sockets::close);
        descriptors.clear();
        if (listener >= 0) {
            Sockets.close(listener);
            listener = -1;
        }
    }
}
