package dev.weft.runtime.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Mounts of the calling thread's mount namespace, mount(2). */
public final class Mounts {

    private static final long READ_ONLY = 1;
    private static final long NO_SETUID = 2;
    private static final long NO_DEVICES = 4;
    private static final long NO_EXECUTION = 8;
    private static final long REMOUNT = 0x20;
    private static final long BIND = 0x1000;
    private static final long MOVE = 0x2000;
    private static final long RECURSIVE = 0x4000;
    private static final long UNBINDABLE = 0x20000;
    private static final long PRIVATE = 0x40000;
    private static final long SLAVE = 0x80000;
    private static final int AT_RECURSIVE = 0x8000;
    private static final int DETACH = 2;
    private static final String OLD_ROOT = ".weft-old-root";
    private static final long SET_READ_ONLY = 1; // MOUNT_ATTR_RDONLY

    private Mounts() {}

    /** From now on nothing that is mounted here is seen elsewhere. */
    public static void detach() throws KernelRefusal {
        Libc.mount("none", "/", "", SLAVE | RECURSIVE, "");
    }

    /** Shows a file or folder at another place too, over what is there. */
    public static void show(String source, String target) throws KernelRefusal {
        Libc.mount(source, target, "", BIND | RECURSIVE, "");
    }

    /** The same, read-only with all that is mounted below it. */
    public static void showReadOnly(String source, String target) throws IOException {
        show(source, target);
        try {
            Libc.setMountAttributes(target, AT_RECURSIVE, new long[] {SET_READ_ONLY, 0, 0, 0});
        } catch (KernelRefusal e) {
            if (e.errno() != KernelRefusal.NO_SUCH_CALL) {
                throw e;
            }
            remountReadOnly(target); // Linux before 5.12
        }
    }

    /** Each mount at a place and below it; an ordinary account may take none of the flags away that they have. */
    static void remountReadOnly(String target) throws IOException {
        List<MountTable.Mount> all = MountTable.read();
        boolean found = false;
        for (MountTable.Mount each : all) {
            if (each.place().equals(target) || each.place().startsWith(target + "/")) {
                found = true;
                Libc.mount("none", each.place(), "", REMOUNT | BIND | READ_ONLY | each.flags(), "");
            }
        }
        if (!found) {
            throw new IOException(target + " is not among the mounts that could be made read-only");
        }
    }

    /**
     * An empty file system in memory.
     *
     * @param options as in tmpfs(5), such as {@code mode=0755,size=1048576}
     */
    public static void memory(String target, String options) throws KernelRefusal {
        Libc.mount("tmpfs", target, "tmpfs", NO_SETUID | NO_DEVICES, options);
    }

    /** From now on nothing is changed in a file system that {@link #memory} made. */
    public static void freeze(String target) throws KernelRefusal {
        Libc.mount("none", target, "", REMOUNT | BIND | READ_ONLY | NO_SETUID | NO_DEVICES, "");
    }

    /** From now on what is mounted here does not go along when a place around it is shown elsewhere. */
    public static void keepHere(String target) throws KernelRefusal {
        Libc.mount("none", target, "", UNBINDABLE, "");
    }

    /** What is mounted at a place becomes the root for all that enter these mounts later. */
    public static void becomeRoot(String source) throws KernelRefusal {
        Libc.mount("none", source, "", PRIVATE, "");
        Libc.mount(source, "/", "", MOVE, "");
    }

    /** The same for all that are in these mounts, whose root and working directory it becomes, pivot_root(2). */
    public static void replaceRoot(String source) throws IOException {
        Libc.mount("none", source, "", PRIVATE, "");
        Path old = Files.createDirectory(Path.of(source, OLD_ROOT));
        Libc.pivotRoot(source, old.toString());
        Libc.umount("/" + OLD_ROOT, DETACH);
        Files.delete(Path.of("/" + OLD_ROOT));
    }

    /** The kernel's view of devices, which shows the calling thread's network alone. */
    public static void devices() throws KernelRefusal {
        Libc.mount("sysfs", "/sys", "sysfs", READ_ONLY | NO_SETUID | NO_DEVICES | NO_EXECUTION, "");
    }
}
