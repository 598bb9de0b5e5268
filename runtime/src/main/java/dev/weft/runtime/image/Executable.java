package dev.weft.runtime.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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
}
