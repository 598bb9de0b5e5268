package dev.weft.apiserver;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Has an API of its own for every test, with nothing in it. */
abstract class ApiTest {

    @TempDir
    Path data;

    RunningApi api;

    @BeforeEach
    final void startApi() throws Exception {
        api = new RunningApi(data);
    }

    @AfterEach
    final void stopApi() {
        api.close();
    }
}
