package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import dev.weft.runtime.linux.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A command on a terminal of its own. It opens the terminal itself, as the first process of a new session: this process must
 * not, because the first terminal that a session's leader opens becomes its own.
 */
final class TerminalExecution implements Execution {

    private final Process process;
    private final Isolation isolation;
    private final Terminal terminal;
    private final CompletableFuture<Integer> exit;
    private final InputStream output;
    private final OutputStream input = new Typed();

    TerminalExecution(Process process, Isolation isolation, Terminal terminal, Runnable ended) {
        this.process = process;
        this.isolation = isolation;
        this.terminal = terminal;
        this.exit = process.onExit().thenApply(done -> {
            ended.run();
            return done.exitValue();
        });
        // What could not even begin says so on the pipe that it was started with.
        this.output = new SequenceInputStream(new Printed(), process.getInputStream());
    }

    /**
     * The words that give a command this terminal, without the capability to choose another. Its environment first: the
     * input is another one then.
     */
    static List<String> onTerminal(Terminal terminal, Path directory, List<String> command) {
        String script = "cd -- \"$1\" || exit\n" + ProgramEnvironment.READ + "\nexec 0<>\"$2\" 1>&0 2>&0; shift 2\n"
                + ProgramEnvironment.GIVE + "exec \"$@\"";
        List<String> words = new ArrayList<>(DefaultSignals.WORDS);
        words.addAll(List.of(SystemProgram.SETSID.path(), "--wait"));
        words.addAll(List.of(SystemProgram.SH.path(), "-c", script, "terminal", directory.toString(), terminal.path()));
        words.addAll(command);
        return words;
    }

    @Override
    public OutputStream input() {
        return input;
    }

    @Override
    public InputStream output() {
        return output;
    }

    @Override
    public InputStream errors() {
        return InputStream.nullInputStream();
    }

    @Override
    public void resize(int columns, int rows) throws IOException {
        terminal.resize(columns, rows);
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            isolation.killBeside(process);
        }
        terminal.close();
    }

    /** What the command prints, until it has ended and all is read, whoever else still has the terminal open. */
    private final class Printed extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (true) {
                boolean ended = exit.isDone();
                int read = terminal.read(into, from, length);
                if (read > 0) {
                    return read;
                }
                if (read == 0 || ended) {
                    return -1;
                }
            }
        }
    }

    /** What the command reads. */
    private final class Typed extends OutputStream {

        private boolean closed;

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            terminal.write(bytes, from, length);
        }

        /** On a terminal, the end of input is typed too. */
        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                if (process.isAlive()) {
                    terminal.end();
                }
            }
        }
    }
}
