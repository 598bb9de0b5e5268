/**
 * A connection's life when nobody looks into its bytes, and the choice of who looks into them.
 *
 * <p>In: accepted connections, and requests for tunnels. Out: the HTTP engine's handler, or a stream: detection, route,
 * balancer, endpoint, {@link dev.weft.proxy.relay.Relay}, and one {@link dev.weft.model.outcome.ConnectionOutcome}.
 * Thread: the connection's loop. Deliberately absent: HTTP, waking services that sleep at zero, and pooling.
 */
@NullMarked
package dev.weft.proxy.tcp;

import org.jspecify.annotations.NullMarked;
