package dev.weft.cli.platform;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/** Calls back, on a thread of its own, after something in one of the folders has changed and has been quiet for a moment. */
final class FileWatch implements AutoCloseable {

    /** Editors write a file in several steps. */
    private static final int QUIET_MILLIS = 50;

    private final WatchService watch;
    private final Runnable changed;

    FileWatch(Collection<Path> folders, Runnable changed) throws IOException {
        this.changed = changed;
        this.watch = FileSystems.getDefault().newWatchService();
        for (Path folder : folders) {
            folder.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        }
        Thread.ofPlatform().daemon().name("files").start(this::follow);
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }

    private void follow() {
        try {
            while (true) {
                WatchKey key = watch.take();
                while (key != null) {
                    key.pollEvents();
                    key.reset();
                    key = watch.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                }
                changed.run();
            }
        } catch (ClosedWatchServiceException e) {
            // closed with the platform
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
