package dev.weft.runtime.image;

import java.io.File;
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

    private static final String HOST = "dev.weft.runtime.host.FunctionHost";
    private static final String TRAINING = "dev.weft.runtime.host.Training";

    /** The C1 compiler alone and the serial collector start fastest; a cache that does not fit is left without a word. */
    private static final List<String> OPTIONS = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xms16m",
            "-Xmx128m",
            "-Xss512k",
            "-XX:-UsePerfData",
            "-Xlog:disable",
            "-Xlog:all=error:stderr");

    List<String> of(List<Path> classpath, String className) {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        if (cache().toFile().length() > 0) {
            command.add("-XX:AOTCache=" + cache());
        }
        String path = classpath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        command.addAll(List.of("-cp", hostJar.toString(), HOST, path, className));
        return command;
    }

    /** The command that makes the cache; takes some seconds, best once after a build. */
    public List<String> training() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        command.add("-XX:AOTCacheOutput=" + cache());
        command.addAll(List.of("-cp", hostJar.toString(), TRAINING));
        return command;
    }

    String java() {
        return javaHome.resolve("bin").resolve("java").toString();
    }

    /** Beside the jar, because it is valid for that very jar only. */
    private Path cache() {
        return hostJar.resolveSibling(hostJar.getFileName() + ".aot");
    }
}
