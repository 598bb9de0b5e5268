/**
 * Watching requests as they end.
 *
 * <p>In: Outcomes, on event loops, and filters. Out: to each open tap, the Outcomes that its filter lets through, as
 * JSON. Thread: offering is safe from any thread and never blocks; each tap has one reader. Deliberately absent: bodies,
 * headers and queries, which may hold secrets.
 */
@NullMarked
package dev.weft.catalog.tap;

import org.jspecify.annotations.NullMarked;
