package dev.weft.runtime.namespace;

import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * A folder of this machine that is one in memory to a pod's programs.
 *
 * @param bytesMax 0 for no limit
 * @param group whose it is, with all that is made in it; else everybody may write, and delete only what is his
 */
public record MemoryFolder(Path place, long bytesMax, OptionalLong group) {

    /** As of mount(8), for a tmpfs. */
    String options() {
        String size = bytesMax > 0 ? ",size=" + bytesMax : "";
        return (group.isPresent() ? "mode=2777,gid=" + group.getAsLong() : "mode=1777") + size;
    }
}
