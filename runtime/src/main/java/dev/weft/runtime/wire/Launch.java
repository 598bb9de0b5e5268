package dev.weft.runtime.wire;

import dev.weft.runtime.namespace.Shown;
import dev.weft.runtime.process.Account;
import dev.weft.runtime.process.Program;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be started.
 *
 * @param container its name in the pod
 * @param environment all that it gets
 * @param directory where it begins, as it sees it
 * @param files files and folders of its image, seen wherever they lie
 * @param shown over this machine's files, where {@link PodWire#shows}
 * @param limits words before all others, which lead into a {@link dev.weft.runtime.process.Cgroup}; empty for none
 * @param account as whom it runs; empty for the platform's own
 */
public record Launch(
        String container,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        List<Path> files,
        List<Shown> shown,
        List<String> limits,
        Optional<Account> account) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        files = List.copyOf(files);
        shown = List.copyOf(shown);
        limits = List.copyOf(limits);
    }

    /** The same within limits. */
    public Launch within(List<String> others) {
        return new Launch(container, command, environment, directory, files, shown, others, account);
    }

    /**
     * It, behind words that lead into namespaces.
     *
     * @param network whether into a network too
     */
    Program program(List<String> entrance, boolean network) {
        return new Program(limits, entrance, network, account, command, environment, directory);
    }
}
