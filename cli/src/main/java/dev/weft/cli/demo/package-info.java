/**
 * The demonstration: statements about a real platform, each measured and asserted.
 *
 * <p>In: the examples and the {@code ./weft} command. Out: one numbered line for each statement. Thread: the caller's;
 * load comes from virtual threads. Deliberately absent: any way into the platform that a user does not have; it starts
 * {@code weft up} as a child and speaks to its ports.
 */
@NullMarked
package dev.weft.cli.demo;

import org.jspecify.annotations.NullMarked;
