/**
 * Bytes from one connection to another, both ways, and the little that must be known of them.
 *
 * <p>In: two open connections, or the first bytes of one. Out: a {@link dev.weft.proxy.relay.Relay} that runs until both
 * sides have said all or one breaks, and says how it ended; what the first bytes are ({@link
 * dev.weft.proxy.relay.Detection}). Thread: the connections' loop. Deliberately absent: policy, balancing, connecting.
 */
@NullMarked
package dev.weft.proxy.relay;

import org.jspecify.annotations.NullMarked;
