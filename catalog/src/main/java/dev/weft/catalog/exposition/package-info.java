/**
 * {@code /metrics}: the sums under Linkerd's names and with its labels, in the Prometheus text format.
 *
 * <p>In: counters of requests and tries, the ends of opaque connections, and what this process says of itself. Out: text.
 * Thread: connections are counted from any thread without a lock; text is made for whoever asks, on a thread that may wait.
 * Deliberately absent: rates and quantiles, which whoever reads the text computes.
 */
@NullMarked
package dev.weft.catalog.exposition;

import org.jspecify.annotations.NullMarked;
