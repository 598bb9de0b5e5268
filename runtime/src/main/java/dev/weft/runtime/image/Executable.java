package dev.weft.runtime.image;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What to run for an image.
 *
 * @param entryPoint replaced by a container's {@code command}
 * @param directory working directory, unless the container says {@code workingDir}
 */
public record Executable(List<String> entryPoint, Path directory, Map<String, String> environment) {

    public Executable {
        entryPoint = List.copyOf(entryPoint);
        environment = Map.copyOf(environment);
    }

    /** What the image itself says that it needs of this machine's files; nothing of it is the container's to choose. */
    public List<Path> files() {
        Stream<Path> named = entryPoint.stream()
                .flatMap(word -> Stream.of(word.substring(word.indexOf('=') + 1).split(File.pathSeparator)))
                .filter(word -> word.startsWith("/"))
                .map(Path::of);
        return Stream.concat(Stream.of(directory), named).toList();
    }
}
