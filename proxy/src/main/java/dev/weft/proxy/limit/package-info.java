/**
 * How much may be under way at once: limits that somebody wrote, and one that finds itself by measuring latency.
 *
 * <p>In: requests that want to begin, wait, or be tried again, and how long answers took. Out: a permit, a place in a
 * line, or a refusal with its reason. Thread: shared by all loops without a lock, each class says which word it is.
 * Deliberately absent: which endpoint is taken, and rates over time.
 */
@NullMarked
package dev.weft.proxy.limit;

import org.jspecify.annotations.NullMarked;
