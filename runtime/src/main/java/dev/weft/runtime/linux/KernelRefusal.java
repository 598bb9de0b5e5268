package dev.weft.runtime.linux;

import java.io.IOException;
import java.util.Map;

/** The kernel refused a call; the message names the call, the error and, where one is known, the remedy. */
public final class KernelRefusal extends IOException {

    private static final long serialVersionUID = 1;

    /** ENOSYS: the kernel is too old for what was called. */
    static final int NO_SUCH_CALL = 38;

    /** ENOENT. */
    static final int NO_SUCH_ENTRY = 2;

    /** EEXIST. */
    static final int EXISTS = 17;

    /** EXDEV: a path leads out of where it has to stay. */
    static final int LEADS_OUT = 18;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(1, "EPERM"),
            Map.entry(2, "ENOENT"),
            Map.entry(9, "EBADF"),
            Map.entry(11, "EAGAIN"),
            Map.entry(12, "ENOMEM"),
            Map.entry(13, "EACCES"),
            Map.entry(16, "EBUSY"),
            Map.entry(17, "EEXIST"),
            Map.entry(18, "EXDEV"),
            Map.entry(20, "ENOTDIR"),
            Map.entry(22, "EINVAL"),
            Map.entry(23, "ENFILE"),
            Map.entry(24, "EMFILE"),
            Map.entry(28, "ENOSPC"),
            Map.entry(38, "ENOSYS"),
            Map.entry(40, "ELOOP"),
            Map.entry(93, "EPROTONOSUPPORT"),
            Map.entry(95, "EOPNOTSUPP"),
            Map.entry(97, "EAFNOSUPPORT"),
            Map.entry(98, "EADDRINUSE"),
            Map.entry(99, "EADDRNOTAVAIL"));

    private static final Map<Integer, String> REMEDIES = Map.of(
            1,
                    "it needs the capabilities CAP_SYS_ADMIN and CAP_NET_ADMIN, as root has them or a user namespace"
                            + " gives them",
            13, "the account may not do this; in a container, allow it CAP_SYS_ADMIN and CAP_NET_ADMIN",
            23, "the machine has no more descriptors: raise fs.file-max",
            24, "the process has no more descriptors: raise ulimit -n",
            28, "a limit on namespaces is reached: raise user.max_net_namespaces and user.max_mnt_namespaces",
            38, "this kernel does not have it: use a newer one",
            93, "this kernel has no nf_tables: load the module nf_tables, or use a newer kernel");

    private final String call;
    private final int errno;

    KernelRefusal(String call, int errno) {
        super(call + ": " + name(errno) + (REMEDIES.containsKey(errno) ? " (" + REMEDIES.get(errno) + ")" : ""));
        this.call = call;
        this.errno = errno;
    }

    private static String name(int errno) {
        return NAMES.getOrDefault(errno, "errno " + errno);
    }

    /** What was asked of the kernel, for people. */
    public String call() {
        return call;
    }

    /** As in errno(3). */
    public int errno() {
        return errno;
    }
}
