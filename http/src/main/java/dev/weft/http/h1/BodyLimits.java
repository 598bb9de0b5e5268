package dev.weft.http.h1;

/**
 * What may stand in a body beside its data.
 *
 * @param extensionBytesMax of all chunks together, beside one for every eight bytes of data: it must not be most of what is
 *     sent; more is 400
 * @param trailerBytesMax the trailer section; more is 400
 */
public record BodyLimits(int extensionBytesMax, int trailerBytesMax) {

    public static final BodyLimits DEFAULT = new BodyLimits(16 * 1024, 16 * 1024);

    /** For what another proxy sends: the most that it can be told to take. */
    public static final BodyLimits HOP = new BodyLimits(64 * 1024, 64 * 1024);
}
