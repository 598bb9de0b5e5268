/**
 * What carries one try of a request to an endpoint and its answer back: an HTTP/1.1 connection for the time, or a stream of a
 * shared HTTP/2 connection.
 *
 * <p>In: a head, a body, and who waits for the answer. Out: bytes to the endpoint, and the answer as it comes. Thread: the
 * request's loop. Deliberately absent: which endpoint, and what happens when it fails.
 */
@NullMarked
package dev.weft.proxy.carrier;

import org.jspecify.annotations.NullMarked;
