package dev.weft.runtime.namespace;

import java.nio.file.Path;

/**
 * A file or folder of this machine that a container's programs see at another place.
 *
 * @param below of the source, whom it may not lead out; made where it is not there; empty for the source itself
 * @param target an absolute path
 */
public record Shown(Path source, Path below, Path target, boolean readOnly) {

    public Shown {
        if (!target.isAbsolute()) {
            throw new IllegalArgumentException("mountPath " + target + " (expected: an absolute path)");
        }
        target = target.normalize();
    }

    /** The whole source. */
    Shown(Path source, Path target, boolean readOnly) {
        this(source, Path.of(""), target, readOnly);
    }
}
