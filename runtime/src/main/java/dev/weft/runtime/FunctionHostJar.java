package dev.weft.runtime;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the function host, which is built beside this module's own jar. */
final class FunctionHostJar {

    private FunctionHostJar() {}

    /** {@code runtime-VERSION-host.jar} beside our jar; while the module itself is being built, its classes. */
    static Path find() {
        try {
            Path own = Path.of(FunctionHostJar.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            String name = String.valueOf(own.getFileName());
            Path host = own.resolveSibling(name.replaceFirst("\\.jar$", "-host.jar"));
            return name.endsWith(".jar") && Files.exists(host) ? host : own;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("our own jar has no place", e);
        }
    }
}
