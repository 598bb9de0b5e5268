package dev.weft.runtime.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file or folder below another, held open: whoever may write there cannot lead it elsewhere by a link any more. Links that
 * stay below are followed. Close it after use.
 */
public final class Below implements AutoCloseable {

    private static final long PATH_CLOEXEC = 0x200000 | 0x80000;
    private static final long BENEATH_NO_MAGIC = 0x08 | 0x02;

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
        int root = Libc.open(folder.toString(), (int) PATH_CLOEXEC);
        try {
            int found = root;
            Path at = Path.of("");
            for (Path name : path) {
                Path next = at.resolve(name);
                int opened = entry(root, found, next, name);
                if (found != root) {
                    Sockets.close(found);
                }
                found = opened;
                at = next;
            }
            return new Below(found == root ? Sockets.duplicate(root) : found);
        } catch (KernelRefusal e) {
            if (e.errno() == KernelRefusal.LEADS_OUT) {
                throw new IOException(path + " leads out of its volume", e);
            }
            if (e.errno() == KernelRefusal.NO_SUCH_CALL) {
                return looked(folder, path);
            }
            throw e;
        } finally {
            Sockets.close(root);
        }
    }

    private static int entry(int root, int parent, Path whole, Path name) throws IOException {
        try {
            return Libc.openBelow(root, whole.toString(), PATH_CLOEXEC, BENEATH_NO_MAGIC);
        } catch (KernelRefusal e) {
            if (e.errno() != KernelRefusal.NO_SUCH_ENTRY) {
                throw e;
            }
        }
        Path made = place(parent).resolve(name);
        Files.createDirectory(made);
        int opened = Libc.openBelow(root, whole.toString(), PATH_CLOEXEC, BENEATH_NO_MAGIC);
        Files.setPosixFilePermissions(place(opened), PosixFilePermissions.fromString("rwxrwxrwx"));
        return opened;
    }

    /** Linux before 5.6: looked at before it is opened, which a quick program of the pod's could use. */
    private static Below looked(Path folder, Path path) throws IOException {
        Path at = folder.toRealPath();
        for (Path name : path) {
            at = at.resolve(name);
            if (!Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(at);
                Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxrwxrwx"));
            }
            at = at.toRealPath();
            if (!at.startsWith(folder.toRealPath())) {
                throw new IOException(path + " leads out of its volume");
            }
        }
        return new Below(Libc.open(at.toString(), (int) PATH_CLOEXEC));
    }

    /** Where the calling process finds it, whatever happens to its name. */
    public Path place() {
        return place(descriptor);
    }

    private static Path place(int descriptor) {
        return Path.of("/proc/thread-self/fd/" + descriptor);
    }

    @Override
    public void close() {
        Sockets.close(descriptor);
    }
}
