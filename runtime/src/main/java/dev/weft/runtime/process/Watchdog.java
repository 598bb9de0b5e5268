package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shell that knows the process groups of all that runs: when the platform is gone its input ends, and it kills them. The
 * kernel's death signals are not enough: {@code unshare} that is killed between making its child and that child's asking for
 * the signal leaves the child to itself, for ever.
 *
 * <p>When somebody ends the shell, the next start or end of a program begins another.
 *
 * <p>Owner of all fields: this object's monitor.
 */
final class Watchdog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** Lines are {@code + GROUP}, {@code - GROUP} and {@code ! GROUP} (kill now). */
    private static final String SCRIPT = """
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

    /** As little as is allowed here with which it can still end programs of other accounts. */
    private static final List<List<String>> POWERS = List.of(
            List.of("--bounding-set", "-all,+kill", "--inh-caps", "-all,+kill", "--ambient-caps", "-all,+kill"),
            List.of("--inh-caps", "-all", "--ambient-caps", "-all"),
            List.of());

    private final List<String> command;
    private final Set<Long> groups = new HashSet<>();
    private Process shell;
    private Writer input;
    private boolean closed;

    /** @throws IOException when there is no shell on this machine */
    Watchdog() throws IOException {
        this.command = command();
        this.shell = begin();
        this.input = shell.outputWriter(StandardCharsets.US_ASCII);
    }

    /** Watches over a process that leads a group, or will in a moment. */
    synchronized void add(long leader) {
        groups.add(leader);
        tell("+", leader);
    }

    synchronized void kill(long leader) {
        tell("!", leader);
    }

    /** What a leader left behind in its group goes with it, as in a container. */
    synchronized void ended(long leader) {
        groups.remove(leader);
        tell("!", leader);
        tell("-", leader);
    }

    /** Ends everything that it still watches over. */
    @Override
    public synchronized void close() {
        closed = true;
        try {
            input.close();
        } catch (IOException e) {
            shell.destroyForcibly(); // it is gone or stuck already
        }
    }

    private void tell(String verb, long group) {
        if (closed) {
            return; // everything has been ended
        }
        try {
            say(verb, group);
        } catch (IOException e) {
            LOG.warn("the watchdog of workloads is gone, another begins");
            again(verb, group);
        }
    }

    private void again(String verb, long group) {
        try {
            shell = begin();
            input = shell.outputWriter(StandardCharsets.US_ASCII);
            for (long each : groups) {
                say("+", each);
            }
            if (!verb.equals("+")) { // it is one of these
                say(verb, group);
            }
        } catch (IOException e) {
            throw new IllegalStateException("no watchdog of workloads: " + e.getMessage(), e);
        }
    }

    private void say(String verb, long group) throws IOException {
        input.write(verb + " " + group + "\n");
        input.flush();
    }

    private Process begin() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        return builder.start();
    }

    private static List<String> command() {
        List<String> words = new ArrayList<>();
        if (SystemProgram.SETPRIV.exists()) {
            words.addAll(POWERS.stream()
                    .map(powers -> setpriv(powers))
                    .filter(Watchdog::allowed)
                    .findFirst()
                    .orElse(List.of()));
        }
        if (SystemProgram.SETSID.exists()) {
            words.add(SystemProgram.SETSID.path()); // Ctrl-C is for the platform
        }
        words.addAll(List.of(SystemProgram.SH.path(), "-c", SCRIPT));
        return words;
    }

    private static List<String> setpriv(List<String> powers) {
        return Stream.of(List.of(SystemProgram.SETPRIV.path(), "--no-new-privs"), powers)
                .flatMap(List::stream)
                .toList();
    }

    private static boolean allowed(List<String> setpriv) {
        return PidNamespace.succeeds(Stream.concat(setpriv.stream(), Stream.of(SystemProgram.TRUE.path()))
                .toList());
    }
}
