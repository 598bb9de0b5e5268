package dev.weft.proxy.simulation;

import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.traffic.Endpoint;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** An endpoint that changes its mind: well, slow, failing, refusing, silent; and that may be cut off at any time. */
final class Server {

    /** Who waits for its answer. */
    interface Caller {
        void answered(int status);

        void failed(ErrorCode error, boolean sent);
    }

    private enum Mood {
        WELL,
        SLOW,
        FAILING,
        REFUSING,
        SILENT
    }

    private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

    private final Clock clock;
    private final SplittableRandom random;
    private final Endpoint endpoint;
    private final Set<Caller> callers = new LinkedHashSet<>();
    private Mood mood = Mood.WELL;

    Server(Clock clock, SplittableRandom random, int port) {
        this.clock = clock;
        this.random = random;
        this.endpoint = new Endpoint("127.0.0.1", port, Optional.empty(), Endpoint.Transport.PLAIN);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    void changeMood() {
        mood = random.nextInt(3) == 0 ? Mood.values()[random.nextInt(Mood.values().length)] : Mood.WELL;
    }

    int underWay() {
        return callers.size();
    }

    void call(Caller caller) {
        callers.add(caller);
        switch (mood) {
            case WELL ->
                answer(caller, random.nextInt(200) == 0 ? 503 : 200, random.nextLong(MILLISECOND, 20 * MILLISECOND));
            case SLOW -> answer(caller, 200, random.nextLong(50 * MILLISECOND, 400 * MILLISECOND));
            case FAILING -> answer(caller, 500 + random.nextInt(4), random.nextLong(MILLISECOND));
            case REFUSING ->
                clock.in(random.nextLong(MILLISECOND), () -> fail(caller, ErrorCode.CONNECT_FAILED, false));
            case SILENT -> {}
        }
    }

    private void answer(Caller caller, int status, long after) {
        clock.in(after, () -> {
            if (callers.remove(caller)) {
                caller.answered(status);
            }
        });
    }

    private void fail(Caller caller, ErrorCode error, boolean sent) {
        if (callers.remove(caller)) {
            caller.failed(error, sent);
        }
    }

    /** The caller does not want the answer any more. */
    void hangUp(Caller caller) {
        callers.remove(caller);
    }

    /** It dies: whoever waits learns it. */
    void cutOff() {
        java.util.List.copyOf(callers).forEach(caller -> fail(caller, ErrorCode.UPSTREAM_CLOSED, true));
    }
}
