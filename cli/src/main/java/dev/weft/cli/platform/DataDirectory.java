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
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** The folder of everything durable, held by one platform at a time and readable by its owner only. */
final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lockFile;

    private DataDirectory(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    /** Makes the folder where it is missing, and locks it; the lock goes when this process does, however it ends. */
    static DataDirectory open(Path path) {
        try {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(path);
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
            }
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
