package dev.weft.runtime.image;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The command that serves a function: a JVM made to start fast.
 *
 * @param javaHome of the JDK that runs the platform
 * @param hostJar the function host, and nothing else of Weft
 * @param interfaces jars of interfaces that functions may leave to their framework
 */
public record FunctionCommand(Path javaHome, Path hostJar, List<Path> interfaces) {

    public FunctionCommand {
        interfaces = List.copyOf(interfaces);
    }

    private static final String HOST = "dev.weft.runtime.host.FunctionHost";
    private static final String TRAINING = "dev.weft.runtime.host.Training";
    private static final String SPARE = "dev.weft.runtime.host.ParkedHost";

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

    /** What a spare changes of itself, Java does not let it change: the environment, and where it works. */
    private static final List<String> CHANGEABLE = List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.fs=ALL-UNNAMED");

    /** What a function's process is to serve. */
    public record Served(String classpath, String className) {}

    /** The command for one function. */
    public List<String> of(List<Path> classpath, String className) {
        List<String> command = start();
        command.addAll(List.of(joined(classpath), className));
        return command;
    }

    private List<String> start() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        command.addAll(cached(cache()));
        command.addAll(host(HOST));
        return command;
    }

    /** The command of a JVM that becomes a function's later, by a {@link dev.weft.runtime.host.HandOver}. */
    public List<String> spare() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        command.addAll(CHANGEABLE);
        command.addAll(cached(spareCache()));
        command.addAll(host(SPARE));
        return command;
    }

    /** What a command serves, if it is one of {@link #of} without anything added: then a spare can do the same. */
    public Optional<Served> served(List<String> command) {
        List<String> start = start();
        int words = start.size();
        return command.size() == words + 2 && command.subList(0, words).equals(start)
                ? Optional.of(new Served(command.get(words), command.get(words + 1)))
                : Optional.empty();
    }

    private static List<String> cached(Path cache) {
        return cache.toFile().length() > 0 ? List.of("-XX:AOTCache=" + cache) : List.of();
    }

    private List<String> host(String main) {
        List<String> words = new ArrayList<>();
        if (!interfaces.isEmpty()) {
            words.add("-Dweft.interfaces=" + joined(interfaces));
        }
        words.addAll(List.of("-cp", hostJar.toString(), main));
        return words;
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    /** The command that makes the cache; takes some seconds, best once after a build. */
    public List<String> training() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        command.add("-XX:AOTCacheOutput=" + cache());
        command.addAll(List.of("-cp", hostJar.toString(), TRAINING));
        return command;
    }

    /** The same for that of spares, which have other options. */
    public List<String> trainingOfSpares() {
        List<String> command = new ArrayList<>(List.of(java()));
        command.addAll(OPTIONS);
        command.addAll(CHANGEABLE);
        command.add("-XX:AOTCacheOutput=" + spareCache());
        command.addAll(List.of("-cp", hostJar.toString(), TRAINING, "spare"));
        return command;
    }

    String java() {
        return javaHome.resolve("bin").resolve("java").toString();
    }

    /** Beside the jar, because it is valid for that very jar only. */
    private Path cache() {
        return hostJar.resolveSibling(hostJar.getFileName() + ".aot");
    }

    private Path spareCache() {
        return hostJar.resolveSibling(hostJar.getFileName() + ".spare.aot");
    }
}
