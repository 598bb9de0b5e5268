package dev.weft.runtime.namespace;

import java.nio.file.Path;

/**
 * A file or folder of this machine that a container's programs see at another place.
 *
 * @param target an absolute path
 */
public record Shown(Path source, Path target, boolean readOnly) {

    public Shown {
        if (!target.isAbsolute()) {
            throw new IllegalArgumentException("mountPath " + target + " (expected: an absolute path)");
        }
        target = target.normalize();
    }
}
