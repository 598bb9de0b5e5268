/**
 * The balancer, the breaker, the limits, the retry budget and discovery together, under virtual time with seeded faults.
 *
 * <p>In: a seed. Out: what broke, if anything. Thread: the caller's, nothing waits. Deliberately absent: bytes, sockets,
 * and two loops at the same moment (the tests of each shared part run on two threads).
 */
@NullMarked
package dev.weft.proxy.simulation;

import org.jspecify.annotations.NullMarked;
