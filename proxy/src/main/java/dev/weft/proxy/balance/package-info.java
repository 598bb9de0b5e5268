/**
 * Which endpoint takes a request: by measured latency on each loop, and, where a service limits its concurrency, by free
 * slots that hold across loops, with a bounded line of those that wait for one.
 *
 * <p>In: endpoint groups from snapshots, and how each try went. Out: an endpoint, a slot, or a place in the line. Thread:
 * a {@link dev.weft.proxy.balance.Balancer} belongs to one loop; a {@link dev.weft.proxy.balance.Gate} is shared and says
 * how. Deliberately absent: connections, retries and time-outs, which the exchange engine keeps.
 */
@NullMarked
package dev.weft.proxy.balance;

import org.jspecify.annotations.NullMarked;
