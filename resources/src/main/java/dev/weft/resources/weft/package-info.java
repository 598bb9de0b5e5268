/**
 * Weft's own group: what an image's name means on this machine.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: how it is built and started.
 */
@NullMarked
package dev.weft.resources.weft;

import org.jspecify.annotations.NullMarked;
