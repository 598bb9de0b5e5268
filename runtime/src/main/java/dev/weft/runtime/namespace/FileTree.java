package dev.weft.runtime.namespace;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders that pods have written in. */
public final class FileTree {

    private static final Logger LOG = LoggerFactory.getLogger(FileTree.class);

    private FileTree() {}

    /** Deletes a folder with all in it, as far as this account may; links are not followed. */
    public static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.walkFileTree(folder, new Deleting());
        } catch (IOException e) {
            LOG.warn("{} was not deleted: {}", folder, e.toString());
        }
    }

    private static final class Deleting extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            try { // a program may have taken the right away
                Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            } catch (IOException e) {
                LOG.debug("permissions of {}", directory, e);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            return deleted(file);
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return deleted(file);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException e) {
            return deleted(directory);
        }

        private static FileVisitResult deleted(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debug("{} was not deleted", file, e);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
