package dev.weft.model.outcome;

import dev.weft.model.workload.Workload;
import java.time.Instant;
import java.util.Optional;

/** Something that a proxy carried and that is over: what logs, traces, taps and explanations are made of. */
public sealed interface Ended permits Outcome, ConnectionOutcome {

    /** What people ask for it by; the same at every hop. */
    String id();

    /** Which stack of the proxy saw it. */
    Hop hop();

    /** Whose proxy saw it. */
    Workload reporter();

    /** When it began. */
    Instant startedAt();

    /** Set when the proxy itself ended it, or saw it break. */
    Optional<ErrorCode> error();

    /** Whether it is one of those that people ask about: refused, failed or broken off. */
    boolean failed();
}
