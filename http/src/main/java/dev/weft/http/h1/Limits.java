package dev.weft.http.h1;

/**
 * What a head may cost.
 *
 * @param headBytesMax first line and fields; more is 431
 * @param targetBytesMax the request target; more is 414
 * @param fieldsMax number of fields; more is 431
 */
public record Limits(int headBytesMax, int targetBytesMax, int fieldsMax) {

    public static final Limits DEFAULT = new Limits(64 * 1024, 16 * 1024, 256);

    /** For what another proxy sends that takes so much itself: there is room for what it adds. */
    public Limits behindAnother() {
        return new Limits(headBytesMax + 8 * 1024, targetBytesMax + 4 * 1024, fieldsMax + 64);
    }
}
