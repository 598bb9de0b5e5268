package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process group per pod, where pid namespaces are not allowed. One watchdog shell knows all groups; when the
 * platform is gone its input ends, and it kills them. A program that leaves its group escapes until the next start's
 * sweep; {@link #description()} says so.
 *
 * <p>Owner of the watchdog's input: this object's monitor.
 */
public final class ProcessGroup implements Isolation, AutoCloseable {

    /** Lines are {@code + GROUP}, {@code - GROUP} and {@code ! GROUP} (kill now). */
    private static final String WATCHDOG = """
            groups=' '
            while read -r verb group; do
              case $verb in
                +) groups="$groups$group " ;;
                -) groups="${groups%% $group *} ${groups#* $group }" ;;
                !) kill -s KILL -- "-$group" 2>/dev/null ;;
              esac
            done
            for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
            """;

    private final Process watchdog;
    private final Writer commands;
    private final List<String> prefix;
    private final List<String> groups;

    private ProcessGroup(Process watchdog, List<String> prefix, List<String> groups) {
        this.watchdog = watchdog;
        this.commands = watchdog.outputWriter(StandardCharsets.US_ASCII);
        this.prefix = prefix;
        this.groups = groups;
    }

    public static ProcessGroup start() throws IOException {
        List<String> session = SystemProgram.SETSID.exists() ? List.of(SystemProgram.SETSID.path()) : List.of();
        List<String> command = new ArrayList<>(session);
        command.addAll(List.of(SystemProgram.SH.path(), "-c", WATCHDOG));
        Process watchdog = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> prefix = new ArrayList<>();
        if (SystemProgram.SETPRIV.exists()) {
            prefix.addAll(List.of(SystemProgram.SETPRIV.path(), "--pdeathsig", "KILL", "--no-new-privs"));
            prefix.addAll(withoutCapabilities());
        }
        prefix.addAll(session);
        return new ProcessGroup(watchdog, prefix, withoutGroups());
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
        tell("!", process.pid());
        process.toHandle().destroyForcibly();
    }

    @Override
    public void started(Process process) {
        tell("+", process.pid());
    }

    /** What the program left behind in its group goes with it, as in a container. */
    @Override
    public void ended(Process process) {
        tell("!", process.pid());
        tell("-", process.pid());
    }

    @Override
    public void close() {
        try {
            commands.close();
        } catch (IOException e) {
            watchdog.destroyForcibly(); // it is gone or stuck already
        }
    }

    private synchronized void tell(String verb, long group) {
        try {
            commands.write(verb + " " + group + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new IllegalStateException("the watchdog of workloads is gone", e);
        }
    }
}
