package dev.weft.cli;

import dev.weft.cli.command.Weft;

/** Where {@code ./weft} enters Java. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Weft.run(arguments));
    }
}
