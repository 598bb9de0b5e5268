package dev.weft.resources.weft;

import dev.weft.resources.Resource;
import dev.weft.resources.core.EnvVar;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the image of its name is on this machine. Its name is the image's name as containers write it, or {@code
 * spec.image} where that is no valid name of a resource (it holds slashes or colons).
 *
 * @param image what containers write in {@code image:}
 * @param workingDirectory where the program starts; empty for Weft's own
 * @param env variables that every container of this image gets, before its own
 */
public record LocalImage(
        Resource resource,
        String image,
        Program program,
        String workingDirectory,
        Optional<Build> build,
        List<EnvVar> env) {

    /** What is started. Relative paths are relative to the working directory, that to Weft's own. */
    public sealed interface Program {

        /** Any program. */
        record Command(List<String> command) implements Program {
            public Command {
                command = List.copyOf(command);
            }
        }

        /** A Java program: {@code java -jar}, or a main class in it. */
        record Jar(String jar, Optional<String> mainClass) implements Program {}

        /** A class that is a function, hosted by Weft; {@code CLASS::MEMBER} picks one of several. */
        record Function(List<String> classpath, String className) implements Program {
            public Function {
                classpath = List.copyOf(classpath);
            }
        }
    }

    /** Run before the first start, and again when asked. */
    public record Build(List<String> command, String workingDirectory) {
        public Build {
            command = List.copyOf(command);
        }
    }

    public LocalImage {
        env = List.copyOf(env);
    }

    public static Read<LocalImage> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static LocalImage of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            Optional<Program> command =
                    spec.has("command") ? Optional.of(new Program.Command(spec.texts("command"))) : Optional.empty();
            Optional<Program> jar = spec.text("jar").map(path -> new Program.Jar(path, spec.text("mainClass")));
            spec.inert("mainClass");
            Optional<Program> function = spec.object("function", LocalImage::function);
            List<Program> programs =
                    Stream.of(command, jar, function).flatMap(Optional::stream).toList();
            if (programs.size() != 1) {
                spec.invalid(
                        "",
                        "exactly one of command, jar and function is wanted, found " + programs.size() + ".",
                        "Write command: [program, argument], or jar: path, or function: {jar: path, class: name}.");
            }
            if (command.isPresent() && spec.texts("command").isEmpty()) {
                spec.missing("command[0]", "the program to start");
            }
            return new LocalImage(
                    resource,
                    spec.text("image", resource.name()),
                    programs.isEmpty() ? new Program.Command(List.of()) : programs.getFirst(),
                    spec.text("workingDirectory", ""),
                    spec.object("build", LocalImage::build),
                    spec.objects("env", EnvVar::of));
        });
    }

    private static Program function(Fields function) {
        Optional<String> jar = function.text("jar");
        List<String> classpath = function.texts("classpath");
        if (jar.isPresent() == !classpath.isEmpty()) {
            function.invalid("", "exactly one of jar and classpath is wanted.", "Give one of them.");
        }
        return new Program.Function(jar.map(List::of).orElse(classpath), function.requiredText("class"));
    }

    private static Build build(Fields build) {
        List<String> command = build.texts("command");
        if (command.isEmpty()) {
            build.missing("command", "the program and its arguments, for example [./mvnw, package]");
        }
        return new Build(command, build.text("workingDirectory", ""));
    }
}
