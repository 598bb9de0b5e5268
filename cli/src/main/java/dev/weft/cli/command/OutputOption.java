package dev.weft.cli.command;

import dev.weft.cli.client.OutputFormat;
import picocli.CommandLine.Option;

/** {@code -o}, on every command that prints a table. */
final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Print as table (the default), json or yaml.")
    OutputFormat format = OutputFormat.TABLE;
}
