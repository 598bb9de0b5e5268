package dev.weft.runtime.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link Spawner} starts.
 *
 * @param limits words before all others, for commands beside it too, which lead into a {@link Cgroup}; empty for none
 * @param entrance words before the command, which lead into other namespaces; empty for none
 * @param network whether they lead into a network of its own
 * @param account as whom it runs; empty for the platform's own
 * @param environment all that it gets, nothing is inherited
 * @param directory where it begins, as it sees it
 */
public record Program(
        List<String> limits,
        List<String> entrance,
        boolean network,
        Optional<Account> account,
        List<String> command,
        Map<String, String> environment,
        Path directory) {

    public Program {
        limits = List.copyOf(limits);
        entrance = List.copyOf(entrance);
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Where its first process begins; the directory may be one that only the program sees. */
    Path begin() {
        return entrance.isEmpty() ? directory : Spawner.ROOT;
    }
}
