package dev.weft.runtime.namespace;

import java.nio.file.Path;
import java.util.List;

/**
 * A folder of this machine that a container's programs find empty.
 *
 * @param exceptions files and folders in it that they see nevertheless; those elsewhere are seen anyway
 */
public record Hidden(Path folder, List<Path> exceptions) {

    public Hidden {
        exceptions = List.copyOf(exceptions);
    }
}
