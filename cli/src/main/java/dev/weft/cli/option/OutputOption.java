package dev.weft.cli.option;

import dev.weft.cli.client.OutputFormat;
import picocli.CommandLine.Option;

/** {@code -o}, on every command that prints a table. */
public final class OutputOption {

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "Print as table (the default), json or yaml.")
    private OutputFormat format = OutputFormat.TABLE;

    public OutputFormat format() {
        return format;
    }
}
