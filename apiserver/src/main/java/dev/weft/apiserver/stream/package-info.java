/**
 * What a connection becomes that was upgraded: several byte streams in it, carried by WebSocket messages or by SPDY/3.1, tied to
 * a command in a pod or to its ports.
 *
 * <p>In: an upgraded connection. Out: what {@link dev.weft.apiserver.stream.PodAccess} gives. Threads: platform
 * threads of the connection's own, as both sides block; queues are bounded, a full one holds up its sender. Deliberately
 * absent: the flow control and priorities of SPDY, which the clients of Kubernetes do not use.
 */
@NullMarked
package dev.weft.apiserver.stream;

import org.jspecify.annotations.NullMarked;
