package dev.weft.runtime.wire;

import dev.weft.runtime.namespace.Shown;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is to be started.
 *
 * @param container its name in the pod
 * @param environment all that it gets
 * @param directory where it begins, as it sees it
 * @param program files and folders of its image, seen wherever they lie
 * @param shown over this machine's files, where {@link PodWire#shows}
 */
public record Launch(
        String container,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        List<Path> program,
        List<Shown> shown) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        program = List.copyOf(program);
        shown = List.copyOf(shown);
    }
}
