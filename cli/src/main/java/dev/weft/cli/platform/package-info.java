/**
 * The wiring: every part of Weft made and introduced to the others, by hand, in {@link
 * dev.weft.cli.platform.Platform}.
 *
 * <p>In: {@link dev.weft.cli.platform.Settings} and the files to apply. Out: a running platform. Thread: the caller's for
 * start and stop; the parts own theirs. Deliberately absent: any decision that belongs to a part.
 */
@NullMarked
package dev.weft.cli.platform;

import org.jspecify.annotations.NullMarked;
