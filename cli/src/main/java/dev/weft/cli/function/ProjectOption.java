package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code -p} and {@code -n}: which function. */
final class ProjectOption {

    @Option(
            names = {"-p", "--path"},
            paramLabel = "DIR",
            defaultValue = ".",
            description = "The function's folder (default: this one).")
    private Path folder = Path.of(".");

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "",
            description = "The namespace (default: what func.yaml says, else default).")
    private String namespace = "";

    Path folder() {
        return folder.toAbsolutePath().normalize();
    }

    FuncYaml yaml() {
        return FuncYaml.read(folder());
    }

    /** A name that was given, else that of the folder's function. */
    String name(String given) {
        if (!given.isEmpty()) {
            return given;
        }
        if (!Files.exists(folder().resolve(FuncYaml.FILE))) {
            throw Refusal.impossible("name a function, or its folder with -p");
        }
        return yaml().name();
    }

    /** As the command line says, else as the folder's function does when no other is named. */
    String namespace(String given) {
        boolean own = given.isEmpty() && Files.exists(folder().resolve(FuncYaml.FILE));
        return own ? yaml().namespace(namespace) : namespace.isEmpty() ? "default" : namespace;
    }
}
