package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A pid namespace per pod, made by util-linux: when {@code unshare} dies, the kernel ends everything inside, and {@code
 * unshare} dies with the platform's spawning thread; the {@link Watchdog} ends what either misses while it begins. The program
 * has no capabilities and can gain none.
 *
 * <p>{@code --pdeathsig} stands twice: changing the user clears it, so the last step before the program sets it again.
 */
public final class PidNamespace implements Isolation {

    private static final List<List<String>> VARIANTS = List.of(
            List.of("--mount-proc"),
            List.of(),
            List.of("--user", "--map-current-user", "--mount-proc"),
            List.of("--user", "--map-current-user"));

    private static final List<String> POWERLESS = List.of(
            "--bounding-set",
            "-all",
            "--inh-caps",
            "-all",
            "--ambient-caps",
            "-all",
            "--no-new-privs",
            "--pdeathsig",
            "KILL",
            "--");
    private static final List<String> LAUNCHER =
            List.of(SystemProgram.SETPRIV.path(), "--pdeathsig", "KILL", SystemProgram.SETSID.path());
    private static final int LOOKS_MAX = 200;
    private static final long LOOK_NANOS = 5_000_000;

    private final List<String> variant;
    private final List<String> groups;

    private PidNamespace(List<String> variant, List<String> groups) {
        this.variant = variant;
        this.groups = groups;
    }

    /** Finds what is allowed here by doing it; empty when nothing is. Takes a few milliseconds. */
    public static Optional<PidNamespace> probe() {
        return VARIANTS.stream()
                .map(variant -> new PidNamespace(variant, List.of()))
                .filter(PidNamespace::works)
                .findFirst()
                .map(PidNamespace::withoutGroups);
    }

    private boolean works() {
        List<String> tried = entrance(Optional.empty());
        tried.add(SystemProgram.TRUE.path());
        return succeeds(tried);
    }

    /** Programs of root's have root's groups no more, where they can be taken away. */
    private PidNamespace withoutGroups() {
        PidNamespace without = new PidNamespace(variant, Account.WITHOUT_GROUPS);
        return Account.platformIsRoot() && without.works() ? without : this;
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
    public List<String> wrap(Optional<Account> account, List<String> command, boolean reads) {
        List<String> wrapped = entrance(account);
        wrapped.addAll(Init.before(command, reads));
        return wrapped;
    }

    private List<String> entrance(Optional<Account> account) {
        List<String> words = new ArrayList<>(LAUNCHER);
        words.addAll(List.of(SystemProgram.UNSHARE.path(), "--pid", "--fork", "--kill-child"));
        words.addAll(variant);
        words.add("--");
        words.addAll(powerless(account));
        return words;
    }

    /** A launcher that has just been started makes its child in a few milliseconds. */
    @Override
    public List<String> beside(Process program, boolean network, Optional<Account> account) throws IOException {
        Optional<ProcessHandle> init = program.children().findFirst();
        for (int look = 0; init.isEmpty() && program.isAlive() && look < LOOKS_MAX; look++) {
            LockSupport.parkNanos(LOOK_NANOS);
            init = program.children().findFirst();
        }
        long target =
                init.orElseThrow(() -> new IOException("the program has ended")).pid();
        List<String> words = new ArrayList<>(
                List.of(SystemProgram.SETPRIV.path(), "--pdeathsig", "KILL", SystemProgram.NSENTER.path()));
        words.addAll(List.of("--target", Long.toString(target), "--pid", "--mount"));
        if (network) {
            words.addAll(List.of("--net", "--uts", "--ipc"));
        }
        if (variant.contains("--user")) {
            words.addAll(List.of("--user", "--preserve-credentials"));
        }
        words.add("--");
        words.addAll(powerless(account));
        return words;
    }

    private List<String> powerless(Optional<Account> account) {
        List<String> words = new ArrayList<>(List.of(SystemProgram.SETPRIV.path()));
        words.addAll(account.map(Account::options).orElse(groups));
        words.addAll(POWERLESS);
        return words;
    }

    /** What has left its parents there ends with the pod. */
    @Override
    public void killBeside(Process command) {
        List<ProcessHandle> tree = command.descendants().toList();
        tree.forEach(ProcessHandle::destroyForcibly);
        command.toHandle().destroyForcibly();
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

    /** Whether this command ends well, within five seconds. */
    static boolean succeeds(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Spawner.NOTHING)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear(); // as programs are started
            Process process = builder.start();
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
