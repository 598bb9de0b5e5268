package dev.weft.http.h2;

/** Where a {@link Session} writes to. */
public interface Output {

    /** Takes the bytes: they may change as soon as this returns. */
    void write(byte[] bytes, int from, int to);

    /** Whether what was written so far leaves; while not, the peer may not provoke more than a bounded number of frames. */
    default boolean writable() {
        return true;
    }
}
