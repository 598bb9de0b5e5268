package dev.weft.cli.option;

import picocli.CommandLine.Option;

/** {@code -n}, on commands about resources that live in namespaces. */
public final class NamespaceOption {

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "default",
            description = "The namespace (default: ${DEFAULT-VALUE}).")
    private String name = "default";

    public String name() {
        return name;
    }
}
