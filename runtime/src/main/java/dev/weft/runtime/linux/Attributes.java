package dev.weft.runtime.linux;

import java.nio.file.Path;

/** Extended attributes of files, xattr(7). */
public final class Attributes {

    private static final int LENGTH_MAX = 256;

    private Attributes() {}

    /** Empty when there is none, or this account may not read it. */
    public static String of(Path file, String name) {
        try {
            return Libc.getxattr(file.toString(), name, LENGTH_MAX);
        } catch (KernelRefusal e) {
            return "";
        }
    }
}
