package dev.weft.runtime.image;

import dev.weft.model.problem.Problem;
import dev.weft.resources.Resource;
import dev.weft.resources.core.EnvVar;
import dev.weft.resources.reading.Read;
import dev.weft.resources.weft.LocalImage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One {@code LocalImage} with its paths found on this machine: relative ones begin at the working directory, that one at
 * the folder of the file that the resource came from.
 *
 * @param name of the resource
 * @param image the name that pods use
 * @param directory where its program runs
 * @param environment what it adds to every pod's environment
 */
record ImagePlan(
        String name,
        String image,
        Path directory,
        Program program,
        Map<String, String> environment,
        Optional<Build> build) {

    /** Set by who applies files: the folder of the file, so that its relative paths mean what its author sees. */
    static final String DIRECTORY_ANNOTATION = "weft.dev/directory";

    /** What runs. */
    sealed interface Program {
        record Command(List<String> command) implements Program {}

        record Jar(Path jar, Optional<String> mainClass) implements Program {}

        record Function(List<Path> classpath, String className) implements Program {}

        /** The resource has faults. */
        record Invalid(String message) implements Program {}
    }

    /** How the program's file is made when it is not there. */
    record Build(List<String> command, Path directory) {}

    /** Reads it; the working directory of a resource that came with no folder begins at {@code base}. */
    static ImagePlan read(Resource resource, Path base) {
        Read<LocalImage> read = LocalImage.read(resource);
        if (read.value().isEmpty()) {
            String faults = read.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
            String image = resource.at("/spec/image").asString(resource.name());
            return new ImagePlan(resource.name(), image, base, new Program.Invalid(faults), Map.of(), Optional.empty());
        }
        LocalImage image = read.value().get();
        Path folder = base.resolve(resource.annotations().getOrDefault(DIRECTORY_ANNOTATION, ""));
        Path directory =
                folder.resolve(image.workingDirectory()).toAbsolutePath().normalize();
        return new ImagePlan(
                resource.name(),
                image.image(),
                directory,
                program(image.program(), directory),
                environment(image.env()),
                image.build().map(build -> new Build(build.command(), place(directory, build.workingDirectory()))));
    }

    /** The files that must be there before the program can run. */
    List<Path> artifacts() {
        return switch (program) {
            case Program.Jar jar -> List.of(jar.jar());
            case Program.Function function -> function.classpath();
            case Program.Command command -> List.of();
            case Program.Invalid invalid -> List.of();
        };
    }

    private static Program program(LocalImage.Program program, Path directory) {
        return switch (program) {
            case LocalImage.Program.Command(List<String> command) -> new Program.Command(command);
            case LocalImage.Program.Jar jar -> new Program.Jar(place(directory, jar.jar()), jar.mainClass());
            case LocalImage.Program.Function function ->
                new Program.Function(
                        function.classpath().stream()
                                .map(path -> place(directory, path))
                                .toList(),
                        function.className());
        };
    }

    /** Literal values only: an image knows no pod, whose Secrets and fields the others would come from. */
    private static Map<String, String> environment(List<EnvVar> variables) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvVar variable : variables) {
            if (variable.source() instanceof EnvVar.Source.Value(String value)) {
                environment.put(variable.name(), value);
            }
        }
        return environment;
    }

    private static Path place(Path directory, String path) {
        return directory.resolve(path).normalize();
    }
}
