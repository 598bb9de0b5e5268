package dev.weft.cli.command;

import dev.weft.cli.client.ApiClient;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}, on every command that asks a running platform. */
final class ApiOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".weft",
            description = "The data directory of the platform to ask (default: ${DEFAULT-VALUE}).")
    Path data = Path.of(".weft");

    ApiClient client() {
        return ApiClient.of(data);
    }
}
