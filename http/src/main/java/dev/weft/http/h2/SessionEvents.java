package dev.weft.http.h2;

/**
 * What a peer did on one HTTP/2 connection. Called during {@link Session#receive} and {@link Session#timedOut}; every
 * method of the session but these two may be called from here. Bytes are gone when the call returns.
 */
public interface SessionEvents {

    /**
     * A head in HTTP/1.1 form, as {@link Session} describes it. A client hears of interim responses (1xx) before the final
     * one.
     *
     * @param end whether the message has no body
     */
    void head(int stream, byte[] bytes, int from, int to, boolean end);

    /**
     * The peer's head is larger than {@link SessionOptions#headBytesMax} or has more fields than allowed; it was read and
     * thrown away. A server answers 431, or resets the stream. A client's stream is reset instead.
     *
     * @param end whether the message has no body
     */
    void headTooLarge(int stream, boolean end);

    /**
     * A part of the body, as it came. Each byte is to be given back by {@link Session#consumed} once it was passed on.
     *
     * @param end whether the message ends here
     */
    void data(int stream, byte[] bytes, int from, int to, boolean end);

    /** The message ends with trailers: lines {@code name: value CRLF}, possibly none, without an empty line after them. */
    void trailers(int stream, byte[] fieldLines, int from, int to);

    /** The stream is over: the peer reset it. No call about it has an effect any more. */
    void reset(int stream, ErrorType code);

    /** The stream is over: the peer broke the protocol there, and this side reset it. Else the same as {@link #reset}. */
    default void violated(int stream, ErrorType code) {
        reset(stream, code);
    }

    /** {@link Session#writable} was false for this stream and is true now. */
    void writable(int stream);

    /**
     * The peer takes no new streams. Streams of this side above {@code lastStream} were not looked at; each got
     * {@link #reset} with REFUSED_STREAM.
     */
    void goAway(int lastStream, ErrorType code);

    /** How many streams of this side the peer allows at a time, as its settings say. */
    void streamsAllowed(int count);
}
