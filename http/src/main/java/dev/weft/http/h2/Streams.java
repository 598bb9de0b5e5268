package dev.weft.http.h2;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The streams of one connection, found by their number, and a memory of those that ended lately. A stream that ended
 * stays, uncounted, until every byte handed over was given back, so that the connection's window holds the peer up.
 */
final class Streams {

    /** How a stream that is not there ended. */
    enum Past {
        /** By both sides, or by the peer. */
        ENDED,
        /** This side reset it: what comes was sent before the peer knew. */
        RESET_HERE,
        /** Never opened, or so long ago that it is forgotten. */
        UNKNOWN
    }

    private static final int REMEMBERED = 512;
    private static final int KEPT_MAX = 16;

    private @Nullable Stream[] table = new Stream[16];
    private int held;
    private int open;
    private final int[] past = new int[REMEMBERED];
    private final @Nullable Stream[] kept = new Stream[KEPT_MAX];
    private int keptCount;

    /** Streams that count against the limit. */
    int open() {
        return open;
    }

    @Nullable
    Stream find(int id) {
        int mask = table.length - 1;
        for (int at = slot(id, mask); ; at = (at + 1) & mask) {
            Stream stream = table[at];
            if (stream == null || stream.id == id) {
                return stream;
            }
        }
    }

    Stream add(int id, long now, long sendWindow, long receiveWindow) {
        if ((held + 1) * 2 > table.length) {
            grow();
        }
        Stream reused = keptCount > 0 ? kept[--keptCount] : null;
        Stream stream = reused == null ? new Stream() : reused;
        stream.begin(id, now, sendWindow, receiveWindow);
        enter(stream);
        held++;
        open++;
        return stream;
    }

    /** This side has sent its last byte. */
    void endLocal(Stream stream) {
        if (!stream.localEnded) {
            stream.localEnded = true;
            ended(stream);
        }
    }

    /** The peer has sent its last byte. */
    void endRemote(Stream stream) {
        if (!stream.remoteEnded) {
            stream.remoteEnded = true;
            ended(stream);
        }
    }

    private void ended(Stream stream) {
        if (stream.closed()) {
            open--;
            if (stream.unconsumed == 0) {
                remove(stream, false);
            }
        }
    }

    /** Forgets a stream that was counted out, or is so now. */
    void remove(Stream stream, boolean resetHere) {
        if (!stream.closed()) {
            open--;
        }
        past[(stream.id >>> 1) & (REMEMBERED - 1)] = (stream.id << 1) | (resetHere ? 1 : 0);
        int mask = table.length - 1;
        int hole = slot(stream.id, mask);
        while (table[hole] != stream) {
            hole = (hole + 1) & mask;
        }
        for (int at = (hole + 1) & mask; ; at = (at + 1) & mask) {
            Stream next = table[at];
            if (next == null) {
                break;
            }
            int home = slot(next.id, mask);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                table[hole] = next;
                hole = at;
            }
        }
        table[hole] = null;
        held--;
        stream.release();
        if (keptCount < KEPT_MAX) {
            kept[keptCount++] = stream;
        }
    }

    /** A stream was refused before it was ever here. */
    void refused(int id) {
        past[(id >>> 1) & (REMEMBERED - 1)] = (id << 1) | 1;
    }

    Past past(int id) {
        int memory = past[(id >>> 1) & (REMEMBERED - 1)];
        if (memory >>> 1 != id || memory == 0) {
            return Past.UNKNOWN;
        }
        return (memory & 1) != 0 ? Past.RESET_HERE : Past.ENDED;
    }

    /** The numbers of all streams held, as of now. */
    int[] numbers() {
        int[] ids = new int[held];
        int count = 0;
        for (Stream each : table) {
            if (each != null) {
                ids[count++] = each.id;
            }
        }
        Arrays.sort(ids);
        return ids;
    }

    private void grow() {
        @Nullable Stream[] old = table;
        table = new Stream[old.length * 2];
        for (Stream each : old) {
            if (each != null) {
                enter(each);
            }
        }
    }

    private void enter(Stream stream) {
        int mask = table.length - 1;
        int at = slot(stream.id, mask);
        while (table[at] != null) {
            at = (at + 1) & mask;
        }
        table[at] = stream;
    }

    private static int slot(int id, int mask) {
        return (id >>> 1) & mask;
    }
}
