package dev.weft.runtime.linux;

/** Mounts of the calling thread's mount namespace, mount(2). */
public final class Mounts {

    private static final long READ_ONLY = 1;
    private static final long NO_SETUID = 2;
    private static final long NO_DEVICES = 4;
    private static final long NO_EXECUTION = 8;
    private static final long REMOUNT = 0x20;
    private static final long BIND = 0x1000;
    private static final long RECURSIVE = 0x4000;
    private static final long SLAVE = 0x80000;

    private Mounts() {}

    /** From now on nothing that is mounted here is seen elsewhere. */
    public static void detach() throws KernelRefusal {
        Libc.mount("none", "/", "", SLAVE | RECURSIVE, "");
    }

    /** Shows a file or folder at another place too, over what is there. */
    public static void show(String source, String target) throws KernelRefusal {
        Libc.mount(source, target, "", BIND | RECURSIVE, "");
    }

    /** The same, read-only. */
    public static void showReadOnly(String source, String target) throws KernelRefusal {
        Libc.mount(source, target, "", BIND, "");
        Libc.mount(source, target, "", BIND | REMOUNT | READ_ONLY | NO_SETUID | NO_DEVICES, "");
    }

    /** The kernel's view of devices, which shows the calling thread's network alone. */
    public static void devices() throws KernelRefusal {
        Libc.mount("sysfs", "/sys", "sysfs", READ_ONLY | NO_SETUID | NO_DEVICES | NO_EXECUTION, "");
    }
}
