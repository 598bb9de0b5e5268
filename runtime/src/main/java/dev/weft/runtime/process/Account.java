package dev.weft.runtime.process;

import java.util.List;

/**
 * A user and a group of this machine, as whom a program runs without any further groups. Only root's platform can choose one.
 *
 * @param user its number
 * @param group its number
 */
public record Account(long user, long group) {

    /** Options of util-linux's setpriv. */
    List<String> options() {
        return List.of("--reuid", Long.toString(user), "--regid", Long.toString(group), "--clear-groups");
    }
}
