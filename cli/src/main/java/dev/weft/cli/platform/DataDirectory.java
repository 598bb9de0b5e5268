package dev.weft.cli.platform;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of everything durable, held by one platform at a time and readable by its owner only. */
final class DataDirectory implements AutoCloseable {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** Makes the folder where it is missing, and locks it; the lock goes when this process does, however it ends. */
    static DataDirectory open(Path path) {
        try {
            Files.createDirectories(path);
            ownerOnly(path);
            FileChannel file = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (tryLock(file) == null) {
                String holder = Files.readString(path.resolve("lock")).strip();
                file.close();
                throw Refusal.impossible("the data directory " + path + " is in use by another weft up"
                        + (holder.isEmpty() ? "" : " (process " + holder + ")")
                        + "; stop that one, or give --data another");
            }
            file.truncate(0);
            file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            return new DataDirectory(path.toAbsolutePath().normalize(), file);
        } catch (FileAlreadyExistsException e) {
            throw Refusal.impossible("the data directory " + path + " cannot be made: " + e.getFile() + " is a file");
        } catch (AccessDeniedException e) {
            throw Refusal.impossible("the data directory " + path + " cannot be written; give --data another");
        } catch (IOException e) {
            throw Refusal.impossible("the data directory " + path + " cannot be used: " + e);
        }
    }

    /**
     * It is going to hold private keys. A folder of ours, or an empty one, is closed to others; one that holds anything
     * else (a home, {@code /tmp}) is left as it is and refused.
     */
    private static void ownerOnly(Path path) throws IOException {
        if (Files.getPosixFilePermissions(path).stream().allMatch(OWNER_ONLY::contains)) {
            return;
        }
        if (!Files.exists(path.resolve("lock")) && !empty(path)) {
            throw Refusal.impossible("the data directory " + path + " can be read by others and holds other files; give"
                    + " --data an empty folder, or close this one to others with chmod 700");
        }
        Files.setPosixFilePermissions(path, OWNER_ONLY);
    }

    private static boolean empty(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }

    Path path() {
        return path;
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Writes a file that only its owner can read, as a whole or not at all. */
    void write(String name, String content) throws IOException {
        Path next = path.resolve("." + name + ".next");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, content);
        Files.move(next, path.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }

    private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // this very process holds it
        }
    }
}
