package dev.weft.runtime.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A pid namespace per pod, made by util-linux: when {@code unshare} dies, the kernel ends everything inside, and {@code
 * unshare} dies with the platform's spawning thread. The program has no capabilities and can gain none.
 *
 * <p>{@code --pdeathsig} stands twice: changing the user clears it, so the last step before the program sets it again.
 */
public final class PidNamespace implements Isolation {

    private static final List<List<String>> VARIANTS = List.of(
            List.of("--mount-proc"),
            List.of(),
            List.of("--user", "--map-current-user", "--mount-proc"),
            List.of("--user", "--map-current-user"));

    private final List<String> variant;

    private PidNamespace(List<String> variant) {
        this.variant = variant;
    }

    /** Finds what is allowed here by doing it; empty when nothing is. Takes a few milliseconds. */
    public static Optional<PidNamespace> probe() {
        return VARIANTS.stream()
                .map(PidNamespace::new)
                .filter(candidate -> succeeds(candidate.wrap(List.of("true"))))
                .findFirst();
    }

    @Override
    public String description() {
        return "a pid namespace for each pod" + (variant.contains("--mount-proc") ? " with its own /proc" : "");
    }

    @Override
    public boolean keptByKernel() {
        return true;
    }

    @Override
    public List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>(
                List.of("setpriv", "--pdeathsig", "KILL", "setsid", "unshare", "--pid", "--fork", "--kill-child"));
        wrapped.addAll(variant);
        wrapped.addAll(List.of("--", "setpriv", "--bounding-set", "-all", "--inh-caps", "-all"));
        wrapped.addAll(List.of("--ambient-caps", "-all", "--no-new-privs", "--pdeathsig", "KILL", "--"));
        wrapped.addAll(Init.before(command));
        return wrapped;
    }

    /** Outermost is {@code unshare}, its child is the init. */
    @Override
    public Stream<ProcessHandle> programs(Process process) {
        return process.children().flatMap(ProcessHandle::children);
    }

    /** {@code unshare} ignores SIGTERM and passes nothing on: the signal goes to its child, the pod's init. */
    @Override
    public void terminate(Process process) {
        process.children().forEach(ProcessHandle::destroy);
    }

    /**
     * The kernel lets a namespace's first process end only after all others in it: with it killed, {@code unshare} ends
     * when really nothing is left. Before there is one, {@code unshare} itself is killed.
     */
    @Override
    public void kill(Process process) {
        if (process.children()
                        .map(ProcessHandle::destroyForcibly)
                        .filter(sent -> sent)
                        .count()
                == 0) {
            process.toHandle().destroyForcibly();
        }
    }

    @Override
    public void started(Process process) {}

    @Override
    public void ended(Process process) {}

    /** Whether this command ends well, within five seconds. */
    static boolean succeeds(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false; // no util-linux here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
