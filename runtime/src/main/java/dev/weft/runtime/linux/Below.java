package dev.weft.runtime.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/**
 * A file or folder below another, held open: whoever may write there cannot lead it elsewhere by a link any more. Links that
 * stay below are followed. Close it after use.
 */
public final class Below implements AutoCloseable {

    private static final long PATH_CLOEXEC = 0x200000 | 0x80000;
    private static final long BENEATH_NO_MAGIC = 0x08 | 0x02;
    private static final long NO_LINKS = 0x04;
    private static final int FOR_ITS_OWNER = 0700;
    private static final Set<PosixFilePermission> EVERYBODY = EnumSet.allOf(PosixFilePermission.class);

    private final int descriptor;

    private Below(int descriptor) {
        this.descriptor = descriptor;
    }

    /**
     * Opens it; what is missing is made, folders for everybody.
     *
     * @param path relative to the folder
     * @throws IOException when it leads out of the folder; the message says so
     */
    public static Below open(Path folder, Path path) throws IOException {
        try (Below root = new Below(Libc.open(folder.toString(), (int) PATH_CLOEXEC))) {
            return root.walk(path);
        } catch (KernelRefusal e) {
            if (e.errno() == KernelRefusal.LEADS_OUT) {
                throw new IOException(path + " leads out of its volume", e);
            }
            if (e.errno() == KernelRefusal.NO_SUCH_CALL) {
                return new Below(Libc.open(looked(folder, path).toString(), (int) PATH_CLOEXEC));
            }
            throw e;
        }
    }

    private Below walk(Path path) throws IOException {
        Below found = new Below(Sockets.duplicate(descriptor));
        try {
            Path whole = Path.of("");
            for (Path name : path) {
                whole = whole.resolve(name);
                Below next = entry(found, whole, name);
                found.close();
                found = next;
            }
            return found;
        } catch (IOException | RuntimeException e) {
            found.close();
            throw e;
        }
    }

    private Below entry(Below parent, Path whole, Path name) throws IOException {
        try {
            return opened(whole);
        } catch (KernelRefusal e) {
            if (e.errno() != KernelRefusal.NO_SUCH_ENTRY) {
                throw e;
            }
        }
        try {
            Libc.mkdirat(parent.descriptor, name.toString(), FOR_ITS_OWNER);
        } catch (KernelRefusal e) {
            if (e.errno() != KernelRefusal.EXISTS) {
                throw e;
            }
            return opened(whole); // somebody was quicker; what he has made stays as it is
        }
        return parent.made(name);
    }

    /** Where it leads by now, links and all. */
    private Below opened(Path path) throws KernelRefusal {
        return new Below(Libc.openBelow(descriptor, path.toString(), PATH_CLOEXEC, BENEATH_NO_MAGIC));
    }

    /** A folder that was made here just now: nothing else, and nothing that a link leads to. */
    private Below made(Path name) throws IOException {
        Below made = new Below(Libc.openBelow(descriptor, name + "/", PATH_CLOEXEC, BENEATH_NO_MAGIC | NO_LINKS));
        try {
            Files.setPosixFilePermissions(made.place(), EVERYBODY);
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /**
     * The same by name, for systems that cannot hold a folder open (Linux before 5.6, macOS): looked at before it is used,
     * between which a quick program of the pod's could put a link.
     *
     * @return its real path
     */
    public static Path looked(Path folder, Path path) throws IOException {
        Path real = folder.toRealPath();
        Path at = real;
        for (Path name : path) {
            at = at.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(at);
                Files.setPosixFilePermissions(at, EVERYBODY);
            }
            at = at.toRealPath();
            if (!at.startsWith(real)) {
                throw new IOException(path + " leads out of its volume");
            }
        }
        return at;
    }

    /** Where the calling process finds it, whatever happens to its name. */
    public Path place() {
        return Path.of("/proc/thread-self/fd/" + descriptor);
    }

    @Override
    public void close() {
        Sockets.close(descriptor);
    }
}
