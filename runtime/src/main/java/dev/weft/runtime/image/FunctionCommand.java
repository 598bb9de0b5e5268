package dev.weft.runtime.image;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The command that serves a function: a JVM made to start fast.
 *
 * @param javaHome of the JDK that runs the platform
 * @param hostJar the function host, and nothing else of Weft
 */
public record FunctionCommand(Path javaHome, Path hostJar) {

    private static final String HOST_CLASS = "dev.weft.runtime.host.FunctionHost";

    List<String> of(List<Path> classpath, String className) {
        List<String> command = new ArrayList<>(List.of(java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.addAll(List.of("-Xms16m", "-Xmx128m", "-Xss512k", "-XX:-UsePerfData"));
        if (Files.isRegularFile(cache())) {
            command.add("-XX:AOTCache=" + cache());
        }
        String path = classpath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", hostJar.toString(), HOST_CLASS, path, className));
        return command;
    }

    String java() {
        return javaHome.resolve("bin").resolve("java").toString();
    }

    /** Beside the jar, because it is valid for that very jar only. */
    Path cache() {
        return hostJar.resolveSibling(hostJar.getFileName() + ".aot");
    }
}
