/**
 * The three stacks: what a request passes at the edge, on its way out of a workload, and on its way in.
 *
 * <p>In: an {@link dev.weft.proxy.exchange.Exchange} whose head has been read. Out: where it goes and with which edits, or
 * an answer. Thread: the exchange's loop; stations keep no state. Deliberately absent: finding an endpoint and sending,
 * which the exchange does after the last station.
 */
@NullMarked
package dev.weft.proxy.stack;

import org.jspecify.annotations.NullMarked;
