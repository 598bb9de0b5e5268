/**
 * Linkerd's resources, as far as they concern traffic: rate limits, and the ports that they name.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: Linkerd's authorization policies; SMI's TrafficTarget says who may call.
 */
@NullMarked
package dev.weft.resources.linkerd;

import org.jspecify.annotations.NullMarked;
