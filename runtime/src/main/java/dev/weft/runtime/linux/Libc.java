package dev.weft.runtime.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;

/** The C library's functions, each as it is in its manual page; a result below zero becomes a {@link KernelRefusal}. */
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle UNSHARE = function("unshare", JAVA_INT, JAVA_INT);
    private static final MethodHandle SETNS = function("setns", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle OPEN = function("open", 2, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT);
    private static final MethodHandle MKDIRAT = function("mkdirat", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle CLOSE = function("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle FCNTL = function("fcntl", 2, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SOCKET = function("socket", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SETSOCKOPT =
            function("setsockopt", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle BIND = function("bind", JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle LISTEN = function("listen", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle SEND = function("send", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle RECV = function("recv", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle MOUNT =
            function("mount", JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS);
    private static final MethodHandle PIVOT_ROOT = function("pivot_root", JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle UMOUNT = function("umount2", JAVA_INT, ADDRESS, JAVA_INT);
    private static final MethodHandle SETHOSTNAME = function("sethostname", JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle MOUNT_SETATTR =
            function("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle OPENAT2 =
            function("syscall", 1, JAVA_LONG, JAVA_LONG, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle IOCTL = function("ioctl", 2, JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS);
    private static final MethodHandle POLL = function("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
    private static final MethodHandle READ = function("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
    private static final MethodHandle GETXATTR = function("getxattr", JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle WRITE = function("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);

    private Libc() {}

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return function(name, -1, result, arguments);
    }

    @SuppressWarnings("restricted") // calling the kernel is what this class is for
    private static MethodHandle function(String name, int fixed, MemoryLayout result, MemoryLayout... arguments) {
        Linker.Option errno = Linker.Option.captureCallState("errno");
        Linker.Option[] options = fixed < 0
                ? new Linker.Option[] {errno}
                : new Linker.Option[] {errno, Linker.Option.firstVariadicArg(fixed)};
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), options);
    }

    /** One call, with memory that lasts as long as it. */
    private interface Call {
        long invoke(Arena arena, MemorySegment state) throws Throwable;
    }

    private static long call(String what, Call call) throws KernelRefusal {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.invoke(arena, state);
            if (result < 0) {
                throw new KernelRefusal(what, (int) ERRNO.get(state, 0L));
            }
            return result;
        } catch (KernelRefusal | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(what, e);
        }
    }

    static void unshare(int flags, String what) throws KernelRefusal {
        var _ = call(what, (arena, state) -> (int) UNSHARE.invokeExact(state, flags));
    }

    static void setns(int descriptor, int type, String what) throws KernelRefusal {
        var _ = call(what, (arena, state) -> (int) SETNS.invokeExact(state, descriptor, type));
    }

    static int open(String path, int flags) throws KernelRefusal {
        return (int) call(
                "open " + path, (arena, state) -> (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0));
    }

    static void mkdirat(int folder, String name, int mode) throws KernelRefusal {
        var _ = call("mkdirat " + name, (arena, state) ->
                (int) MKDIRAT.invokeExact(state, folder, arena.allocateFrom(name), mode));
    }

    static void close(int descriptor) throws KernelRefusal {
        var _ = call("close", (arena, state) -> (int) CLOSE.invokeExact(state, descriptor));
    }

    static int fcntl(int descriptor, int command, int argument) throws KernelRefusal {
        return (int) call("fcntl", (arena, state) -> (int) FCNTL.invokeExact(state, descriptor, command, argument));
    }

    static int socket(int family, int type, int protocol, String what) throws KernelRefusal {
        return (int) call(what, (arena, state) -> (int) SOCKET.invokeExact(state, family, type, protocol));
    }

    static void setsockopt(int descriptor, int level, int option, int value, String what) throws KernelRefusal {
        var _ = call(what, (arena, state) -> {
            MemorySegment number = arena.allocateFrom(JAVA_INT, value);
            return (int) SETSOCKOPT.invokeExact(state, descriptor, level, option, number, Integer.BYTES);
        });
    }

    static void bind(int descriptor, byte[] address, String what) throws KernelRefusal {
        var _ = call(what, (arena, state) -> {
            MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, address);
            return (int) BIND.invokeExact(state, descriptor, bytes, address.length);
        });
    }

    static void listen(int descriptor, int backlog) throws KernelRefusal {
        var _ = call("listen", (arena, state) -> (int) LISTEN.invokeExact(state, descriptor, backlog));
    }

    static void send(int descriptor, byte[] bytes, String what) throws KernelRefusal {
        var _ = call(what, (arena, state) -> {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            return (long) SEND.invokeExact(state, descriptor, memory, (long) bytes.length, 0);
        });
    }

    /** Returns how many bytes came. */
    static int recv(int descriptor, byte[] into, int flags, String what) throws KernelRefusal {
        return (int) call(what, (arena, state) -> {
            MemorySegment memory = arena.allocate(into.length);
            long length = (long) RECV.invokeExact(state, descriptor, memory, (long) into.length, flags);
            if (length > 0) {
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, into, 0, (int) length);
            }
            return length;
        });
    }

    static void mount(String source, String target, String type, long flags, String data) throws KernelRefusal {
        var _ = call("mount " + (type.isEmpty() ? source : type) + " on " + target, (arena, state) -> {
            MemorySegment from = arena.allocateFrom(source);
            MemorySegment to = arena.allocateFrom(target);
            MemorySegment kind = optional(arena, type);
            MemorySegment options = optional(arena, data);
            return (int) MOUNT.invokeExact(state, from, to, kind, flags, options);
        });
    }

    static void pivotRoot(String root, String old) throws KernelRefusal {
        var _ = call("pivot_root " + root, (arena, state) ->
                (int) PIVOT_ROOT.invokeExact(state, arena.allocateFrom(root), arena.allocateFrom(old)));
    }

    static void umount(String target, int flags) throws KernelRefusal {
        var _ = call("umount " + target, (arena, state) ->
                (int) UMOUNT.invokeExact(state, arena.allocateFrom(target), flags));
    }

    /** mount_setattr(2), which the C library need not know yet; the attributes are a struct mount_attr. */
    static void setMountAttributes(String target, int flags, long[] attributes) throws KernelRefusal {
        var _ = call("mount_setattr " + target, (arena, state) -> {
            MemorySegment path = arena.allocateFrom(target);
            MemorySegment struct = arena.allocateFrom(JAVA_LONG, attributes);
            return (long) MOUNT_SETATTR.invokeExact(state, 442L, -100, path, flags, struct, struct.byteSize());
        });
    }

    /** openat2(2), which the C library does not know; the how is a struct open_how. */
    static int openBelow(int folder, String path, long flags, long resolve) throws KernelRefusal {
        return (int) call("openat2 " + path, (arena, state) -> {
            MemorySegment name = arena.allocateFrom(path);
            MemorySegment how = arena.allocateFrom(JAVA_LONG, flags, 0, resolve);
            return (long) OPENAT2.invokeExact(state, 437L, folder, name, how, how.byteSize());
        });
    }

    private static MemorySegment optional(Arena arena, String text) {
        return text.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(text);
    }

    static void sethostname(String name) throws KernelRefusal {
        var _ = call("sethostname", (arena, state) -> {
            MemorySegment text = arena.allocateFrom(name);
            return (int) SETHOSTNAME.invokeExact(state, text, text.byteSize() - 1);
        });
    }

    /** The bytes are what the kernel reads, and afterwards what it wrote. */
    static void ioctl(int descriptor, long request, byte[] bytes, String what) throws KernelRefusal {
        var _ = call(what, (arena, state) -> {
            MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            int result = (int) IOCTL.invokeExact(state, descriptor, request, memory);
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
            return result;
        });
    }

    /** Whether there is something to read, or the end, within this time. */
    static boolean readable(int descriptor, int millis) throws KernelRefusal {
        return call("poll", (arena, state) -> {
                    MemorySegment entry = arena.allocate(8, 4); // struct pollfd: int fd, short events, short revents
                    entry.set(JAVA_INT, 0, descriptor);
                    entry.set(ValueLayout.JAVA_SHORT, 4, (short) 1);
                    return (int) POLL.invokeExact(state, entry, 1L, millis);
                })
                > 0;
    }

    /** Returns how many bytes came. */
    static int read(int descriptor, byte[] into, int from, int length) throws KernelRefusal {
        return (int) call("read", (arena, state) -> {
            MemorySegment memory = arena.allocate(length);
            long got = (long) READ.invokeExact(state, descriptor, memory, (long) length);
            if (got > 0) {
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, into, from, (int) got);
            }
            return got;
        });
    }

    static String getxattr(String path, String name, int lengthMax) throws KernelRefusal {
        byte[] value = new byte[lengthMax];
        long length = call("getxattr " + name, (arena, state) -> {
            MemorySegment memory = arena.allocate(lengthMax);
            long got = (long) GETXATTR.invokeExact(
                    state, arena.allocateFrom(path), arena.allocateFrom(name), memory, (long) lengthMax);
            if (got > 0) {
                MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, value, 0, (int) got);
            }
            return got;
        });
        return new String(value, 0, (int) length, StandardCharsets.UTF_8);
    }

    /** Returns how many of them were taken. */
    static int write(int descriptor, byte[] bytes, int from, int length) throws KernelRefusal {
        return (int) call("write", (arena, state) -> {
            MemorySegment memory = arena.allocate(length);
            MemorySegment.copy(bytes, from, memory, ValueLayout.JAVA_BYTE, 0, length);
            return (long) WRITE.invokeExact(state, descriptor, memory, (long) length);
        });
    }
}
