package dev.weft.cli.command;

import java.nio.file.Path;

/** The folder of the clone that {@code ./weft} lies in; the launcher says it. */
final class Home {

    private Home() {}

    static Path path() {
        return Path.of(System.getProperty("weft.home", "")).toAbsolutePath().normalize();
    }
}
