/**
 * Whether a failed try may be repeated: a rule about one request, and a budget over all of them.
 *
 * <p>In: what is known of the failed try, and the time. Out: yes, or no and why. Thread: the rule is pure; a budget is
 * shared by all loops, see {@link dev.weft.proxy.retry.RetryBudget}. Deliberately absent: doing it, and waiting before it.
 */
@NullMarked
package dev.weft.proxy.retry;

import org.jspecify.annotations.NullMarked;
