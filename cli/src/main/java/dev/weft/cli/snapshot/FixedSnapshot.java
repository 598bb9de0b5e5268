package dev.weft.cli.snapshot;

import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.Snapshots;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * One snapshot that never changes, read from a file: for measurements, and to run again what another proxy was given.
 *
 * @param current what the file held
 */
public record FixedSnapshot(Snapshot current) implements Snapshots {

    /**
     * Reads a snapshot as {@link SnapshotJson} writes it.
     *
     * @throws IllegalArgumentException when the file holds something else
     */
    public static FixedSnapshot read(Path file) throws IOException {
        return new FixedSnapshot(SnapshotJson.read(Files.readString(file)));
    }

    @Override
    public void onChange(Consumer<Snapshot> listener) {
        listener.accept(current);
    }
}
