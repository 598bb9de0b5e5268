package dev.weft.cli.option;

import dev.weft.cli.client.ApiClient;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --data}, on every command that asks a running platform. */
public final class ApiOption {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".weft",
            description = "The data directory of the platform to ask (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of(".weft");

    public ApiClient client() {
        return ApiClient.of(data);
    }

    public Path data() {
        return data;
    }
}
