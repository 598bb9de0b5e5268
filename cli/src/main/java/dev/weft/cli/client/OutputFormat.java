package dev.weft.cli.client;

/** How a command prints what it found. */
public enum OutputFormat {
    TABLE,
    JSON,
    YAML
}
