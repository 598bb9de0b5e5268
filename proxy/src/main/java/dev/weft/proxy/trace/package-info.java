/**
 * Trace contexts as they stand in headers: W3C's and both forms of B3.
 *
 * <p>In: the bytes of a header's value. Out: a context, or nothing where the value breaks its form; and the values that go
 * on. Thread: any; pure. Deliberately absent: where headers come from, and what a span says.
 */
@NullMarked
package dev.weft.proxy.trace;

import org.jspecify.annotations.NullMarked;
