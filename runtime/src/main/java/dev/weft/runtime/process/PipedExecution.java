package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A command whose streams are three pipes. */
final class PipedExecution implements Execution {

    private final Process process;
    private final Isolation isolation;
    private final CompletableFuture<Integer> exit;

    PipedExecution(Process process, Isolation isolation, Runnable ended) {
        this.process = process;
        this.isolation = isolation;
        this.exit = process.onExit().thenApply(done -> {
            ended.run();
            return done.exitValue();
        });
    }

    /** The words that begin a command in a directory, with the environment that is handed to it before its input. */
    static List<String> onPipes(Path directory, List<String> command) {
        String script = "cd -- \"$1\" && shift || exit\n" + ProgramEnvironment.READ + "\n" + ProgramEnvironment.GIVE
                + "exec \"$@\"";
        List<String> words = new ArrayList<>(DefaultSignals.WORDS);
        words.addAll(List.of(SystemProgram.SH.path(), "-c", script, "enter", directory.toString()));
        words.addAll(command);
        return words;
    }

    @Override
    public OutputStream input() {
        return process.getOutputStream();
    }

    @Override
    public InputStream output() {
        return process.getInputStream();
    }

    @Override
    public InputStream errors() {
        return process.getErrorStream();
    }

    @Override
    public void resize(int columns, int rows) {}

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            isolation.killBeside(process);
        }
    }
}
