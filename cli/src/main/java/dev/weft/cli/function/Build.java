package dev.weft.cli.function;

import dev.weft.cli.client.Refusal;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes what runs from a folder's sources; every file of it is one of {@link Builds}. */
final class Build {

    private static final String OWN_CLASS = "function.Function";

    /** What a program has no use for. */
    private static final Set<String> OWN = Set.of(".func", ".git", ".weft");

    /** A program may lie in target; node_modules stay, as a function of node loads them. */
    private static final Set<String> OWN_OF_NODE = Set.of(".func", ".git", ".weft", "target");

    private final Path folder;
    private final FuncYaml yaml;
    private final List<Path> interfaces;
    private final Builds builds;

    /** @param interfaces jars that functions are compiled against, and that their host brings */
    Build(Path folder, FuncYaml yaml, List<Path> interfaces) {
        this.folder = folder.toAbsolutePath().normalize();
        this.yaml = yaml;
        this.interfaces = interfaces;
        this.builds = new Builds(folder);
    }

    /** What runs. */
    sealed interface Built {

        /** Changes with the class or command, and with the content of each file. */
        String id();

        record Function(String id, List<Path> classpath, String className) implements Built {}

        record Command(String id, List<String> command, Path directory) implements Built {}
    }

    /** Builds; says what it does, and where sources are wrong. */
    Built run(PrintWriter err) {
        try {
            return build(err);
        } catch (IOException | UncheckedIOException e) { // the latter of a file that went while its folder was read
            throw Refusal.failed("the build in " + folder + " failed: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.failed("interrupted");
        }
    }

    private Built build(PrintWriter err) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(yaml.texts("/weft/build"));
        boolean maven = command.isEmpty() && Files.exists(folder.resolve("pom.xml"));
        if (maven) {
            command.addAll(
                    List.of(Files.exists(folder.resolve("mvnw")) ? "./mvnw" : "mvn", "-q", "-DskipTests", "package"));
        }
        if (!command.isEmpty()) {
            run(command);
        }
        List<String> program = yaml.texts("/weft/command");
        if (!program.isEmpty()) {
            Path kept = keep(folder);
            program.replaceAll(word -> word.replace("{build}", kept.toString()));
            return command(program, kept);
        }
        return switch (yaml.text("/runtime")) {
            case "java" -> command.isEmpty() ? compiled(err) : made();
            case "quarkus" -> jar(folder.resolve("target/quarkus-app"), "quarkus-run.jar");
            case "springboot" -> yaml.text("/weft/class").isEmpty() ? springBoot() : made();
            case "node" -> {
                Path kept = builds.keep(folder, OWN_OF_NODE);
                yield command(NodeHost.command(kept), kept);
            }
            case String runtime ->
                throw Refusal.failed(FuncYaml.FILE + ": runtime \"" + runtime
                        + "\" is not built here; name its program in weft.command, and how it is made in weft.build");
        };
    }

    private void run(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).inheritIO();
        yaml.at("/build/buildEnvs")
                .forEach(each -> builder.environment()
                        .put(each.path("name").asString(""), each.path("value").asString("")));
        int code = builder.start().waitFor();
        if (code != 0) {
            throw Refusal.failed(String.join(" ", command) + " ended with exit code " + code);
        }
    }

    private String className() {
        return yaml.text("/weft/class").isEmpty() ? OWN_CLASS : yaml.text("/weft/class");
    }

    /** With the JDK that runs this. */
    private Built compiled(PrintWriter err) throws IOException {
        Path classes = Files.createDirectories(folder.resolve(".func/classes"));
        Builds.delete(classes);
        compile(Files.createDirectories(classes), err);
        List<Path> classpath = new ArrayList<>(List.of(keep(classes)));
        classpath.addAll(keepAll(named()));
        String main = yaml.text("/weft/main");
        if (!main.isEmpty()) {
            return command(List.of("java", "-cp", joined(classpath), main), folder);
        }
        return function(classpath, className());
    }

    /** What {@code weft.classpath} says beside the sources. */
    private List<Path> named() {
        List<Path> named = new ArrayList<>();
        for (String path : yaml.texts("/weft/classpath")) {
            Path place = folder.resolve(path).normalize();
            if (!Files.exists(place)) {
                throw Refusal.failed(FuncYaml.FILE + ": weft.classpath: there is no " + place);
            }
            named.add(place);
        }
        return named;
    }

    private static String joined(List<Path> classpath) {
        return String.join(
                File.pathSeparator, classpath.stream().map(Path::toString).toList());
    }

    private void compile(Path classes, PrintWriter err) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw Refusal.impossible("this Java has no compiler; run weft with a JDK");
        }
        List<Path> sources = files(folder.resolve("src"), ".java");
        if (sources.isEmpty()) {
            throw Refusal.failed("there are no .java files below " + folder.resolve("src"));
        }
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
            List<Path> classpath = new ArrayList<>(named());
            classpath.addAll(interfaces);
            List<String> options =
                    List.of("-d", classes.toString(), "-parameters", "-g", "-proc:none", "-cp", joined(classpath));
            boolean good = compiler.getTask(
                            null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            for (Diagnostic<? extends JavaFileObject> each : found.getDiagnostics()) {
                if (each.getKind() == Diagnostic.Kind.ERROR) {
                    err.println(place(each) + each.getMessage(Locale.ROOT));
                }
            }
            err.flush();
            if (!good) {
                throw Refusal.failed("the sources do not compile");
            }
        }
    }

    private String place(Diagnostic<? extends JavaFileObject> diagnostic) {
        JavaFileObject source = diagnostic.getSource();
        return source == null
                ? ""
                : folder.relativize(Path.of(source.toUri())) + ":" + diagnostic.getLineNumber() + ":"
                        + diagnostic.getColumnNumber() + " ";
    }

    /** What Maven has made: classes, and the jars that it has put beside them. */
    private Built made() throws IOException {
        List<Path> classpath = new ArrayList<>();
        List<String> named = yaml.texts("/weft/classpath");
        for (String path : named.isEmpty() ? List.of("target/classes", "target/lib") : named) {
            Path place = folder.resolve(path);
            if (Files.isDirectory(place) && !files(place, ".jar").isEmpty()) {
                classpath.addAll(keepAll(files(place, ".jar")));
            } else if (Files.exists(place)) {
                classpath.add(keep(place));
            }
        }
        if (classpath.isEmpty()) {
            throw Refusal.failed("the build made none of " + named + "; name its jars and folders in weft.classpath");
        }
        return function(classpath, className());
    }

    private Built springBoot() throws IOException {
        Optional<Path> jar = files(folder.resolve("target"), ".jar").stream()
                .filter(path -> !path.toString().contains("-plain")
                        && folder.resolve("target").equals(path.getParent()))
                .findFirst();
        Path made = keep(jar.orElseThrow(() -> Refusal.failed("the build made no jar below target")));
        return command(List.of("java", "-jar", made.toString()), folder);
    }

    private Built jar(Path place, String name) throws IOException {
        if (!Files.exists(place.resolve(name))) {
            throw Refusal.failed("the build made no " + place.resolve(name));
        }
        Path kept = keep(place);
        return command(List.of("java", "-jar", kept.resolve(name).toString()), folder);
    }

    private Path keep(Path made) throws IOException {
        return builds.keep(made, OWN);
    }

    private List<Path> keepAll(List<Path> made) throws IOException {
        List<Path> kept = new ArrayList<>();
        for (Path path : made) {
            kept.add(keep(path));
        }
        return kept;
    }

    private static Built.Function function(List<Path> classpath, String className) {
        List<String> words = new ArrayList<>(List.of(className));
        classpath.forEach(path -> words.add(path.toString()));
        return new Built.Function(Builds.id(words), List.copyOf(classpath), className);
    }

    private static Built.Command command(List<String> command, Path directory) {
        List<String> words = new ArrayList<>(command);
        words.add(directory.toString());
        return new Built.Command(Builds.id(words), List.copyOf(command), directory);
    }

    private static List<Path> files(Path root, String ending) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> path.toString().endsWith(ending) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        }
    }
}
