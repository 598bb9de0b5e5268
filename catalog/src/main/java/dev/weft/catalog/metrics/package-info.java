/**
 * Counting: every Outcome into cumulative sums, and every number that is shown computed from them.
 *
 * <p>In: Outcomes, on event loops. Out: sums per series, differences of them over a window, and Prometheus text. Thread:
 * recording is safe from any thread and takes no lock; reading is for queries, on threads that may wait. Deliberately
 * absent: averages, quantiles that are merged, and what a graph or an objective is.
 */
@NullMarked
package dev.weft.catalog.metrics;

import org.jspecify.annotations.NullMarked;
