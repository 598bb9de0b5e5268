package dev.weft.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs where pid namespaces are not allowed. */
@Timeout(60)
class ProcessGroupTest {

    @TempDir
    private Path folder;

    @Test
    void aProgramHasNoCapabilitiesAndCanGainNone() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "setpriv is not installed");
        try (Spawner spawner = new Spawner(folder, false)) {
            RunningProcess process = spawner.start(
                    List.of("grep", "-E", "^(CapInh|CapPrm|CapEff|CapAmb|NoNewPrivs)", "/proc/self/status"),
                    Map.of("PATH", "/usr/bin:/bin"),
                    folder,
                    () -> {});
            assertThat(new String(process.output().readAllBytes(), StandardCharsets.US_ASCII).lines())
                    .containsExactly(
                            "CapInh:\t0000000000000000",
                            "CapPrm:\t0000000000000000",
                            "CapEff:\t0000000000000000",
                            "CapAmb:\t0000000000000000",
                            "NoNewPrivs:\t1");
            process.exit().join();
        }
    }
}
