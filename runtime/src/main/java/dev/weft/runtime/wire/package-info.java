/**
 * What gives a pod its place in the network: an address, ports, and the names of its neighbours.
 *
 * <p>In: a pod and the ports that it declares. Out: a {@link dev.weft.runtime.wire.PodWire}, from which the pod's {@code
 * Instance} and environment are made. Thread: any. Deliberately absent: listeners (the node's proxy opens them), and how
 * namespaces are made.
 */
@NullMarked
package dev.weft.runtime.wire;

import org.jspecify.annotations.NullMarked;
