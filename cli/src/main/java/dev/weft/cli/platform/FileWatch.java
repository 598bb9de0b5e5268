package dev.weft.cli.platform;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks, on a thread of its own, after something in one of the folders has changed and has been quiet for a moment. A folder
 * may go, and another take its place: each second it is asked for anew, as nothing tells of a folder that was moved or of a
 * mount that is back.
 */
final class FileWatch implements AutoCloseable {

    /** Editors write a file in several steps. */
    private static final int QUIET_MILLIS = 50;

    private static final int AGAIN_MILLIS = 1_000;

    private final WatchService watch;
    private final List<Path> folders;
    private final BooleanSupplier look;
    private final Consumer<String> report;
    private final Map<Path, WatchKey> followed = new HashMap<>(); // owner: the thread, once it runs
    private String failure = "";

    /**
     * Starts to watch. A folder need not be there yet.
     *
     * @param look returns whether it has to be looked again in a second, though nothing may change
     * @param report gets a line for a look that fails, which is tried again
     * @throws IOException when a folder that is there cannot be watched
     */
    FileWatch(Collection<Path> folders, BooleanSupplier look, Consumer<String> report) throws IOException {
        this.look = look;
        this.report = report;
        this.watch = FileSystems.getDefault().newWatchService();
        this.folders = List.copyOf(folders);
        for (Path folder : folders) {
            if (Files.isDirectory(folder)) {
                followed.put(folder, register(folder));
            }
        }
        Thread.ofPlatform().daemon().name("files").start(this::follow);
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }

    private void follow() {
        try {
            boolean again = true; // for what changed before it was watched
            while (true) {
                WatchKey key = watch.poll(AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                boolean changed = key != null;
                while (key != null) {
                    key.pollEvents();
                    key.reset();
                    key = watch.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
                }
                changed |= followAnew();
                if (changed || again) {
                    again = look();
                }
            }
        } catch (ClosedWatchServiceException e) {
            // closed with the platform
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether a folder is gone, or is another than before. */
    private boolean followAnew() {
        boolean changed = false;
        for (Path folder : folders) {
            Optional<WatchKey> before = Optional.ofNullable(followed.remove(folder));
            Optional<WatchKey> now = Optional.empty();
            try {
                now = Optional.of(register(folder)); // the same key for the same folder
            } catch (IOException _) {
                // not there: whoever looks says so
            }
            now.ifPresent(key -> followed.put(folder, key));
            if (!now.equals(before)) {
                before.ifPresent(WatchKey::cancel);
                changed = true;
            }
        }
        return changed;
    }

    private WatchKey register(Path folder) throws IOException {
        return folder.register(
                watch,
                StandardWatchEventKinds.ENTRY_CREATE,
                StandardWatchEventKinds.ENTRY_MODIFY,
                StandardWatchEventKinds.ENTRY_DELETE);
    }

    private boolean look() {
        try {
            boolean again = look.getAsBoolean();
            failure = "";
            return again;
        } catch (RuntimeException e) {
            String now = "the files could not be looked at: " + e;
            if (!now.equals(failure)) {
                report.accept(now + ". It is tried again every second.");
            }
            failure = now;
            return true;
        }
    }
}
