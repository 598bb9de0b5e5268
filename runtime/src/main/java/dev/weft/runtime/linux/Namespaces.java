package dev.weft.runtime.linux;

/**
 * The calling thread's namespaces, namespaces(7). Descriptors are the caller's to close; a namespace lives while somebody is
 * in it or has a descriptor of it, or of a socket in it.
 */
public final class Namespaces {

    /** Which of a thread's namespaces. */
    public enum Kind {
        NETWORK(0x40000000, "net"),
        MOUNTS(0x00020000, "mnt"),
        NAMES(0x04000000, "uts"),
        QUEUES(0x08000000, "ipc");

        private final int flag;
        private final String file;

        Kind(int flag, String file) {
            this.flag = flag;
            this.file = file;
        }

        /** Its name in the kernel's own files. */
        public String file() {
            return file;
        }
    }

    private static final int READ_CLOEXEC = 0x80000;

    private Namespaces() {}

    /** Puts the calling thread into new ones. */
    public static void leave(Kind... kinds) throws KernelRefusal {
        int flags = 0;
        StringBuilder what = new StringBuilder("unshare");
        for (Kind kind : kinds) {
            flags |= kind.flag;
            what.append(' ').append(kind.file);
        }
        Libc.unshare(flags, what.toString());
    }

    /** A descriptor of the one that the calling thread is in. */
    public static int own(Kind kind) throws KernelRefusal {
        return Libc.open("/proc/thread-self/ns/" + kind.file, READ_CLOEXEC);
    }

    /** A descriptor of the one that a process is in. */
    public static int of(long process, Kind kind) throws KernelRefusal {
        return Libc.open("/proc/" + process + "/ns/" + kind.file, READ_CLOEXEC);
    }

    /** Puts the calling thread into this one. */
    public static void enter(Kind kind, int descriptor) throws KernelRefusal {
        Libc.setns(descriptor, kind.flag, "setns " + kind.file);
    }

    /** Sets the host's name in the calling thread's names. */
    public static void hostname(String name) throws KernelRefusal {
        Libc.sethostname(name);
    }
}
