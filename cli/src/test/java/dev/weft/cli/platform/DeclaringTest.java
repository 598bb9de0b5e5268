package dev.weft.cli.platform;

import dev.weft.apiserver.store.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Has a folder, and a store that takes what the folder declares when the test says so. */
abstract class DeclaringTest {

    @TempDir
    Path folder;

    @TempDir
    Path data;

    final List<String> said = new ArrayList<>();
    SqliteStore store;
    DeclaredFiles files;
    long nanos;

    @BeforeEach
    final void open() throws IOException {
        store = new SqliteStore(data, InstantSource.system());
        files = new DeclaredFiles(store, List.of(folder), said::add, () -> nanos);
    }

    @AfterEach
    final void close() {
        store.close();
    }

    /** Long enough apart that what is not there the second time has gone. */
    final void lookTwice() {
        files.sync();
        nanos += 1_000_000_000;
        files.sync();
    }

    final void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
