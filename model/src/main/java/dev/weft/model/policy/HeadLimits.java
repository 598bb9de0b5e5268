package dev.weft.model.policy;

/**
 * What the head of one message within the mesh may cost, a request's or an answer's. Between two proxies there is room for what
 * they add.
 *
 * @param bytesMax first line and fields; more is 431; {@link #BYTES_LEAST} to {@link #BYTES_MOST}
 * @param targetBytesMax a request's target; more is 414; {@link #TARGET_LEAST} to {@link #TARGET_MOST}
 * @param fieldsMax number of fields; more is 431; {@link #FIELDS_LEAST} to {@link #FIELDS_MOST}
 */
public record HeadLimits(int bytesMax, int targetBytesMax, int fieldsMax) {

    public static final int BYTES_LEAST = 4 * 1024;

    /** With what another proxy adds, as much as nine frames of HTTP/2 hold. */
    public static final int BYTES_MOST = 128 * 1024;

    public static final int TARGET_LEAST = 256;
    public static final int TARGET_MOST = 64 * 1024;
    public static final int FIELDS_LEAST = 32;
    public static final int FIELDS_MOST = 1000;

    /** Somewhat more than the edge lets in, as programs trust each other more than strangers. */
    public static final HeadLimits DEFAULT = new HeadLimits(64 * 1024, 16 * 1024, 256);

    public HeadLimits {
        check("bytesMax", bytesMax, BYTES_LEAST, BYTES_MOST);
        check("targetBytesMax", targetBytesMax, TARGET_LEAST, TARGET_MOST);
        check("fieldsMax", fieldsMax, FIELDS_LEAST, FIELDS_MOST);
    }

    private static void check(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " to " + most + ")");
        }
    }
}
