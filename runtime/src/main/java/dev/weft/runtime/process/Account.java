package dev.weft.runtime.process;

import com.sun.security.auth.module.UnixSystem;
import java.util.List;

/**
 * A user and a group of this machine, as whom a program runs without any further groups. Only root's platform can choose one.
 *
 * @param user its number
 * @param group its number
 */
public record Account(long user, long group) {

    /** For programs that stay the platform's own. */
    static final List<String> WITHOUT_GROUPS = List.of("--clear-groups");

    /** Whether this process is root, as far as it can see. */
    static boolean platformIsRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /** Options of util-linux's setpriv. */
    List<String> options() {
        return List.of("--reuid", Long.toString(user), "--regid", Long.toString(group), "--clear-groups");
    }
}
