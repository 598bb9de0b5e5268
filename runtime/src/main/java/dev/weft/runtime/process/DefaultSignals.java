package dev.weft.runtime.process;

import dev.weft.runtime.linux.SystemProgram;
import java.util.List;

/**
 * The words that give a program the signals' default effects. A shell that starts something in its background has it ignore
 * SIGINT and SIGQUIT (POSIX, XCU 2.11), the platform perhaps and programs of {@link Init}'s in any case; no shell takes that
 * back, and it would be handed on for ever.
 */
final class DefaultSignals {

    /** Empty where the machine's {@code env} cannot do it (coreutils before 8.31): programs then ignore these two. */
    static final List<String> WORDS = words();

    private DefaultSignals() {}

    private static List<String> words() {
        List<String> words = List.of(SystemProgram.ENV.path(), "--default-signal");
        return PidNamespace.succeeds(List.of(words.getFirst(), words.getLast(), SystemProgram.TRUE.path()))
                ? words
                : List.of();
    }
}
