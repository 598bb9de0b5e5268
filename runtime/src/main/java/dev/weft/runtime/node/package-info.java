/**
 * This machine as a cluster's node: what it has, what its pods use, whether it takes more of them.
 *
 * <p>In: the operating system and the pods' processes. Out: one {@code v1 Node} and figures of use. Threads: a reconciler for
 * the Node, one platform thread that looks at processes every ten seconds. Deliberately absent: taints, Leases of nodes,
 * evicting pods when memory or disk run short.
 */
@NullMarked
package dev.weft.runtime.node;

import org.jspecify.annotations.NullMarked;
