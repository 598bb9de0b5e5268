/**
 * JVMs that are parked for functions, so that a sleeping one answers in milliseconds.
 *
 * <p>In: how many functions there are, how often one was started lately, what memory there is. Out: a {@link
 * dev.weft.runtime.spare.Spare}, taken once, or the reason why a process has to begin afresh. Thread: one of its own parks,
 * whoever starts a pod takes. Deliberately absent: what is told to a spare (that is {@code host}), and other programs than
 * functions.
 */
@NullMarked
package dev.weft.runtime.spare;

import org.jspecify.annotations.NullMarked;
