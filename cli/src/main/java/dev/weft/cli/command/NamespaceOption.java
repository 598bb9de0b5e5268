package dev.weft.cli.command;

import picocli.CommandLine.Option;

/** {@code -n}, on commands about resources that live in namespaces. */
final class NamespaceOption {

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            defaultValue = "default",
            description = "The namespace (default: ${DEFAULT-VALUE}).")
    String name = "default";
}
