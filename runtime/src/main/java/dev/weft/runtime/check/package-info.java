/**
 * What this machine lets Weft do, found out by doing it.
 *
 * <p>In: the machine. Out: {@link dev.weft.runtime.check.Finding}s for {@code weft check}. Thread: the caller's, for at
 * most a few hundred milliseconds. Deliberately absent: ports and files of a running platform.
 */
@NullMarked
package dev.weft.runtime.check;

import org.jspecify.annotations.NullMarked;
