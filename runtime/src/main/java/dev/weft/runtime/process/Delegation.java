package dev.weft.runtime.process;

import dev.weft.runtime.linux.Attributes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Whether a cgroup was given to whoever is in it (systemd's Delegate=yes, "Control Group APIs and Delegation"). */
final class Delegation {

    private Delegation() {}

    /** An account may write only to what is delegated to it; root to everything, so there systemd's mark has to say it. */
    static boolean of(Path group) {
        try {
            if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
                return true;
            }
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
        return Stream.of("trusted.delegate", "user.delegate")
                .anyMatch(mark -> Attributes.of(group, mark).equals("1"));
    }
}
