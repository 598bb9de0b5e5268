package dev.weft.runtime.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * To whom the files of a pod's volumes belong beside their owner: its {@code fsGroup}, whose members may read them, and write
 * where programs may write at all; what is made in a folder becomes the group's too. Modes are those of the kubelet.
 *
 * @param number empty for none, and files keep the modes that they were given
 */
record VolumeGroup(OptionalLong number) {

    private static final int READ = 0440;
    private static final int WRITE = 0660;

    /** Whoever makes something in it makes it the group's; its members may enter. */
    private static final int FOLDER = 02110;

    /** @param written whether programs write in it */
    void ofFolder(Path folder, int mode, boolean written) throws IOException {
        set(folder, mode, FOLDER | (written ? WRITE : READ));
    }

    /** Of one that programs only read. */
    void ofFile(Path file, int mode) throws IOException {
        set(file, mode, READ);
    }

    /** The group first: a new one takes the bit of folders away. */
    private void set(Path path, int mode, int more) throws IOException {
        if (number.isPresent()) {
            Files.setAttribute(path, "unix:gid", (int) number.getAsLong());
        }
        Files.setAttribute(path, "unix:mode", number.isPresent() ? mode | more : mode);
    }
}
