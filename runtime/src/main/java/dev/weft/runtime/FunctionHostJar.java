package dev.weft.runtime;

import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Finds the function host, which is built beside this module's own jar. */
final class FunctionHostJar {

    private static final List<String> INTERFACES = List.of("functions-framework-api-", "cloudevents-api-");

    private FunctionHostJar() {}

    /** Interfaces that functions expect of their framework, from this program's own class path; it never loads them. */
    static List<Path> interfaces() {
        return Stream.of(System.getProperty("java.class.path", "").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(path -> INTERFACES.stream()
                        .anyMatch(name -> String.valueOf(path.getFileName()).startsWith(name)))
                .map(Path::toAbsolutePath)
                .toList();
    }

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
