package dev.weft.proxy.carrier;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.HeaderName;
import dev.weft.http.h1.RequestHead;
import dev.weft.http.h2.ErrorType;
import dev.weft.http.transport.Closure;
import dev.weft.http.transport.Received;
import dev.weft.model.outcome.Peer;
import dev.weft.proxy.message.Trailers;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Carries one {@link Carried} on one stream of a {@link ClientSession}; waits for one before. Owner: the session's loop. */
public final class StreamCarrier implements Carrier {

    private static final byte[] NOTHING = {};
    private static final byte[] TE_TRAILERS = "te: trailers\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final StreamPool pool;
    private @Nullable Carried user;
    private @Nullable ClientSession session;
    private int number;
    private int held;
    private boolean reading = true;

    /** Carries nothing before {@link StreamPool#carry}. */
    public StreamCarrier(StreamPool pool, Carried user) {
        this.pool = pool;
        this.user = user;
    }

    /** It gets a stream there: the try sends. */
    void begin(ClientSession free) {
        session = free;
        Carried waiting = user;
        if (waiting != null) {
            waiting.opened(free.isReused());
        }
    }

    private ClientSession session() {
        ClientSession used = session;
        if (used == null) {
            throw new IllegalStateException("no stream yet");
        }
        return used;
    }

    /** It waited, and there will be no stream. */
    void closed(Closure closure) {
        Carried waiting = user;
        user = null;
        if (waiting != null) {
            waiting.closed(closure);
        }
    }

    /** Its connection is gone. */
    void lost(Closure closure) {
        over();
        closed(closure);
    }

    /** Something failed that nobody expected. */
    void broken(Closure closure) {
        if (number > 0) {
            session().session().reset(number, ErrorType.CANCEL);
        }
        lost(closure);
    }

    void head(byte[] bytes, int from, int to, boolean last) {
        Carried current = user;
        if (current != null) {
            current.head(bytes, from, to, last);
        }
    }

    void data(byte[] bytes, int from, int to, boolean last) {
        held += to - from;
        Carried current = user;
        if (current != null) {
            current.data(bytes, from, to, last);
        }
        giveBack();
    }

    void answerTrailers(byte[] lines, int from, int to) {
        Carried current = user;
        if (current != null) {
            byte[] sound = Trailers.sound(lines, from, to);
            current.trailers(sound, 0, sound.length);
        }
    }

    void reset(ErrorType code) {
        Carried current = user;
        over();
        user = null;
        if (current == null) {
            return;
        }
        if (code == ErrorType.REFUSED_STREAM) {
            current.refused();
        } else {
            current.reset(code);
        }
    }

    void violated(ErrorType code) {
        Carried current = user;
        over();
        user = null;
        if (current != null) {
            current.violated(code);
        }
    }

    void writabilityChanged() {
        Carried current = user;
        if (current != null) {
            current.writabilityChanged();
        }
    }

    private void giveBack() {
        if (reading && held > 0) {
            int passed = held;
            held = 0;
            session().session().consumed(number, passed);
        }
    }

    private void over() {
        if (number > 0) {
            reading = true;
            giveBack();
            int ended = number;
            number = 0;
            session().ended(ended);
        }
    }

    @Override
    public Peer peer() {
        return session == null ? Peer.NOBODY : session.peer();
    }

    @Override
    public boolean multiplexed() {
        return true;
    }

    @Override
    public void head(RequestHead head, HeadWriter edits, Following following) {
        byte[] scratch = pool.loop().scratch();
        int longest = edits.lengthMax(head) + TE_TRAILERS.length;
        byte[] out = longest <= scratch.length ? scratch : new byte[longest];
        int end = edits.write(head, out, 0);
        if (takesTrailers(head.fields())) {
            System.arraycopy(TE_TRAILERS, 0, out, end - 2, TE_TRAILERS.length);
            end += TE_TRAILERS.length - 2;
        }
        Carried current = user;
        long idleNanos = current == null ? 0 : current.idleConnectionNanos();
        number = session().session().open(out, 0, end, following == Following.NOTHING);
        if (number > 0) {
            session().began(number, this, idleNanos);
        } else {
            number = 0;
            pool.loop().execute(() -> reset(ErrorType.REFUSED_STREAM)); // it had room a moment ago
        }
    }

    /** The field is the connection's and was left out; HTTP/2 has it for this alone (RFC 9113 section 8.2.2). */
    private static boolean takesTrailers(Fields fields) {
        int at = fields.find(HeaderName.TE);
        return at >= 0 && fields.value(at).contains("trailers");
    }

    @Override
    public void write(byte[] bytes, int from, int to, boolean last) {
        session().session().data(number, bytes, from, to, last);
    }

    @Override
    public void write(Received bytes, int from, int to, boolean last) {
        byte[] scratch = pool.loop().scratch();
        byte[] copy = to - from <= scratch.length ? scratch : new byte[to - from];
        bytes.copy(from, to, copy, 0);
        write(copy, 0, to - from, last);
    }

    @Override
    public void trailers(byte[] lines, int from, int to) {
        session().session().trailers(number, lines, from, to);
    }

    @Override
    public void end() {
        session().session().data(number, NOTHING, 0, 0, true);
    }

    @Override
    public boolean writable() {
        return session().session().writable(number) && session().connection().writable();
    }

    @Override
    public void reading(boolean on) {
        reading = on;
        if (session != null && number > 0) {
            giveBack();
        }
    }

    @Override
    public void release(boolean reusable) {
        user = null;
        if (!reusable && number > 0) {
            session().session().reset(number, ErrorType.CANCEL);
        }
        over();
    }

    @Override
    public void abort() {
        user = null;
        if (session == null) {
            pool.forget(this);
        } else if (number > 0) {
            session().session().reset(number, ErrorType.CANCEL);
            over();
        }
    }
}
