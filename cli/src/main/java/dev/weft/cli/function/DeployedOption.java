package dev.weft.cli.function;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A name, {@code -p} and {@code -n}: which function of those that are deployed. */
final class DeployedOption {

    @Parameters(arity = "0..1", paramLabel = "NAME", defaultValue = "", description = "Default: the folder's function.")
    private String given = "";

    @Mixin
    private final ProjectOption project = new ProjectOption();

    String name() {
        return project.name(given);
    }

    String namespace() {
        return project.namespace(given);
    }

    ProjectOption project() {
        return project;
    }
}
