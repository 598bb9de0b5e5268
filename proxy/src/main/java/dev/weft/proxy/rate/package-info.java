/**
 * How often: rate limits by the generic cell rate algorithm, exact across all event loops.
 *
 * <p>In: a {@link dev.weft.model.policy.RateLimit}, who calls, and the time. Out: that the request may pass, or how long
 * to wait. Thread: any; each bucket is one compare-and-set word. Deliberately absent: limits across processes, and clocks.
 */
@NullMarked
package dev.weft.proxy.rate;

import org.jspecify.annotations.NullMarked;
