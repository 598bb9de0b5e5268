/**
 * Options that several commands have in common, each with its help.
 *
 * <p>In: what was written on the command line, by picocli. Out: the value, or the client that it leads to. Thread: the main
 * thread. Deliberately absent: options of one command alone.
 */
@NullMarked
package dev.weft.cli.option;

import org.jspecify.annotations.NullMarked;
