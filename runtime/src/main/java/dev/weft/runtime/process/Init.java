package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.util.ArrayList;
import java.util.List;

/**
 * The small first process of every pod. As pid 1 of a namespace a program without a SIGTERM handler would never see the
 * signal (the kernel drops it), and nobody would reap its orphans; this shell does both, and ends with the program's
 * exit code.
 */
final class Init {

    /**
     * A signal interrupts {@code wait}, which then returns the signal's number and perhaps has seen the program's end
     * too: hence the loop until no signal came between, and 127 for a program whose code is known already. The child is
     * {@link #PROGRAM}, to which the environment's line goes on.
     */
    private static final String SCRIPT = """
            trap 'stop=1; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null' TERM
            exec 3<&0
            "$@" <&3 3<&- &
            child=$!
            exec 3<&-
            [ -z "$stop" ] || kill -TERM "$child"
            code=127
            while :; do
              stop=
              wait "$child"; seen=$?
              [ "$seen" -eq 127 ] || code=$seen
              [ -n "$stop" ] || exit "$code"
            done
            """;

    /** Another shell, which has the signals' default effects; it becomes the program. */
    private static final String PROGRAM =
            "%s\nexec </dev/null\n%sexec \"$@\"".formatted(ProgramEnvironment.READ, ProgramEnvironment.GIVE);

    /** The same for a program that goes on reading; a shell reads no further than its line. */
    private static final String READING_PROGRAM =
            "%s\n%sexec \"$@\"".formatted(ProgramEnvironment.READ, ProgramEnvironment.GIVE);

    private Init() {}

    /** @param reads whether the program gets what is written after its environment; else it has no input */
    static List<String> before(List<String> command, boolean reads) {
        List<String> wrapped = new ArrayList<>(List.of(SystemProgram.SH.path(), "-c", SCRIPT, "pod"));
        wrapped.addAll(DefaultSignals.WORDS);
        wrapped.addAll(List.of(SystemProgram.SH.path(), "-c", reads ? READING_PROGRAM : PROGRAM, "pod"));
        wrapped.addAll(command);
        return wrapped;
    }
}
