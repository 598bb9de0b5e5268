/**
 * The tables: what {@code weft stat} and {@code weft edges} show.
 *
 * <p>In: a window of sums and a snapshot. Out: rows, and their JSON. Thread: any; pure. Deliberately absent: how a table
 * is printed, which is the command's.
 */
@NullMarked
package dev.weft.catalog.query;

import org.jspecify.annotations.NullMarked;
