package dev.weft.cli.platform;

import java.nio.file.Path;
import java.util.List;

/**
 * What a platform is started with.
 *
 * @param home the folder of the clone
 * @param data where everything durable is kept
 * @param paths files and folders of YAML to apply and follow
 * @param observing what is written of requests
 * @param pods how pods are connected
 * @param spares JVMs that are parked for functions at most
 */
public record Settings(
        Path home,
        Path data,
        List<Path> paths,
        int httpPort,
        int httpsPort,
        int apiPort,
        int consolePort,
        Observing observing,
        PodsMode pods,
        int spares) {

    public Settings {
        paths = List.copyOf(paths);
    }
}
