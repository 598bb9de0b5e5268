package dev.weft.runtime.process;

import com.sun.security.auth.module.UnixSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A user and groups of this machine, as whom a program runs. Only root's platform can choose one.
 *
 * @param user its number
 * @param group its number
 * @param further the numbers of all other groups that it has
 */
public record Account(long user, long group, List<Long> further) {

    public Account {
        further = List.copyOf(further);
    }

    /** For programs that stay the platform's own. */
    static final List<String> WITHOUT_GROUPS = List.of("--clear-groups");

    /** Whether this process is root, as far as it can see. */
    static boolean platformIsRoot() {
        return new UnixSystem().getUid() == 0;
    }

    /** Options of util-linux's setpriv. */
    List<String> options() {
        List<String> options =
                new ArrayList<>(List.of("--reuid", Long.toString(user), "--regid", Long.toString(group)));
        if (further.isEmpty()) {
            options.addAll(WITHOUT_GROUPS);
        } else {
            options.addAll(
                    List.of("--groups", further.stream().map(String::valueOf).collect(Collectors.joining(","))));
        }
        return options;
    }
}
