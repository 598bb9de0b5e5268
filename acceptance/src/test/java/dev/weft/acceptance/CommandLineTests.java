package dev.weft.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command says and how it ends, without a platform. */
final class CommandLineTests {

    @TempDir
    private Path folder;

    @Test
    void helpListsTheCommandsWithExamplesAndExitCodes() {
        WeftCommand.Result help = WeftCommand.weft("help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.output()).contains("up ", "demo ", "apply ", "stat ", "why ", "Examples:", "Exit codes:");
        assertThat(WeftCommand.weft("help", "up").output()).contains("--https-port", "Examples:");
    }

    @Test
    void anUnknownCommandIsOneLineAndExitCode2() {
        WeftCommand.Result result = WeftCommand.weft("fly");

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).contains("weft: Unmatched argument", "weft help shows how it is used.");
    }

    @Test
    void explainsACodeForPeopleAndForMachines() {
        assertThat(WeftCommand.weft("explain", "access-denied").output()).contains("status 403", "TrafficTarget");
        assertThat(WeftCommand.weft("explain", "-o", "json").output()).contains("\"code\" : \"no-endpoint\"");
        assertThat(WeftCommand.weft("explain", "nonsense").exitCode()).isEqualTo(2);
    }

    @Test
    void asksForAPlatformWhereThereIsNone() {
        WeftCommand.Result result = WeftCommand.weft("stat", "--data", folder.toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output())
                .contains("weft: there is no " + folder + "/kubeconfig; start a platform with weft up");
    }

    @Test
    void runsThroughASymbolicLinkFromAnotherFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("weft"), WeftCommand.HOME.resolve("weft"));

        WeftCommand.Result result = WeftCommand.run(folder, 60, List.of(link.toString(), "version"));

        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).startsWith("weft ");
    }

    @Test
    void aTakenPortIsOneLineAndExitCode2() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            WeftCommand.Result result = WeftCommand.weft(
                    "up",
                    "--data",
                    folder.resolve("data").toString(),
                    "--http-port",
                    Integer.toString(taken.getLocalPort()),
                    "--https-port",
                    "0",
                    "--api-port",
                    "0",
                    "--console-port",
                    "0");

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.output())
                    .isEqualTo("weft: port " + taken.getLocalPort() + " is taken (choose another with --http-port)"
                            + System.lineSeparator());
        }
    }

    @Test
    void aPathThatIsNotThereIsOneLineAndExitCode2() {
        Path nowhere = folder.resolve("nowhere");
        WeftCommand.Result result = WeftCommand.weft(
                "up", nowhere.toString(), "--data", folder.resolve("data").toString());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.output()).isEqualTo("weft: there is no file or folder " + nowhere + System.lineSeparator());
    }

    @Test
    void checkSaysWhatWorksHere() {
        assertThat(WeftCommand.weft("check").output()).contains("java:", "network of pods: ");
    }
}
