package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Serves {@code module.exports.handle} of {@code index.js} by the node of this machine, as {@code func} does. */
final class NodeHost {

    private static final String SCRIPT = "weft-node-host.cjs";

    private NodeHost() {}

    /** Puts the small server beside the function. */
    static List<String> command(Path folder) throws IOException {
        if (Files.exists(folder.resolve("package.json"))
                && Files.readString(folder.resolve("package.json")).contains("\"dependencies\"")
                && !Files.isDirectory(folder.resolve("node_modules"))) {
            throw Refusal.failed("package.json has dependencies, and there is no node_modules: run npm install, or say"
                    + " so in weft.build of func.yaml");
        }
        try (InputStream script = NodeHost.class.getResourceAsStream("/fn/" + SCRIPT)) {
            if (script == null) {
                throw new IOException(SCRIPT + " is not in this program");
            }
            Files.copy(script, folder.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
        }
        return List.of("node", folder.resolve(SCRIPT).toString());
    }
}
