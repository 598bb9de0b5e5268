/**
 * The {@code weft} command's entry.
 *
 * <p>In: the words of the command line. Out: what was asked for, and an exit code: 0 done, 1 the thing asked for failed,
 * 2 used wrongly or not possible here. Thread: the main thread. Deliberately absent: every command's work, which is in
 * {@link dev.weft.cli.command}.
 */
@NullMarked
package dev.weft.cli;

import org.jspecify.annotations.NullMarked;
