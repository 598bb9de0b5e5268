package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process group per pod, where pid namespaces are not allowed; the {@link Watchdog} ends it. A program that leaves its group
 * escapes until the next start's sweep; {@link #description()} says so.
 */
final class ProcessGroup implements Isolation {

    private final Watchdog watchdog;
    private final List<String> prefix;
    private final List<String> groups;

    ProcessGroup(Watchdog watchdog) {
        this.watchdog = watchdog;
        List<String> session = SystemProgram.SETSID.exists() ? List.of(SystemProgram.SETSID.path()) : List.of();
        this.prefix = new ArrayList<>();
        if (SystemProgram.SETPRIV.exists()) {
            prefix.addAll(List.of(SystemProgram.SETPRIV.path(), "--pdeathsig", "KILL", "--no-new-privs"));
            prefix.addAll(withoutCapabilities());
        }
        prefix.addAll(session);
        this.groups = withoutGroups();
    }

    /**
     * As much as is allowed here: {@code weft} may have started this process with capabilities that every program would
     * get from it, and a program that may change networks could leave its own.
     */
    private static List<String> withoutCapabilities() {
        List<String> inherited = List.of("--inh-caps", "-all", "--ambient-caps", "-all");
        List<String> all = new ArrayList<>(List.of("--bounding-set", "-all"));
        all.addAll(inherited);
        return Stream.of(all, inherited)
                .filter(ProcessGroup::allowed)
                .findFirst()
                .orElse(List.of());
    }

    /** Programs of root's have root's groups no more, where they can be taken away. */
    private static List<String> withoutGroups() {
        return Account.platformIsRoot() && SystemProgram.SETPRIV.exists() && allowed(Account.WITHOUT_GROUPS)
                ? Account.WITHOUT_GROUPS
                : List.of();
    }

    private static boolean allowed(List<String> options) {
        List<String> tried = new ArrayList<>(List.of(SystemProgram.SETPRIV.path()));
        tried.addAll(options);
        tried.add(SystemProgram.TRUE.path());
        return PidNamespace.succeeds(tried);
    }

    @Override
    public String description() {
        return "a process group for each pod and a watchdog; a program that starts a session of its own escapes it";
    }

    @Override
    public boolean keptByKernel() {
        return false;
    }

    @Override
    public List<String> wrap(Optional<Account> account, List<String> command, boolean reads) {
        List<String> wrapped = prefix(account);
        wrapped.addAll(Init.before(command, reads));
        return wrapped;
    }

    @Override
    public List<String> beside(Process program, boolean network, Optional<Account> account) throws IOException {
        if (!program.isAlive()) {
            throw new IOException("the program has ended");
        }
        return prefix(account);
    }

    private List<String> prefix(Optional<Account> account) {
        List<String> words = new ArrayList<>(prefix);
        List<String> own = account.map(Account::options).orElse(groups);
        words.addAll(own.isEmpty() ? 0 : 1, own); // of setpriv, without which nobody gets another
        return words;
    }

    @Override
    public void killBeside(Process command) {
        command.descendants().toList().forEach(ProcessHandle::destroyForcibly); // a terminal's are a group of their own
        kill(command);
    }

    @Override
    public Stream<ProcessHandle> programs(Process process) {
        return process.children();
    }

    @Override
    public void terminate(Process process) {
        process.toHandle().destroy(); // Process.destroy would also close its output, unread
    }

    @Override
    public void kill(Process process) {
        watchdog.kill(process.pid());
        process.toHandle().destroyForcibly();
    }
}
