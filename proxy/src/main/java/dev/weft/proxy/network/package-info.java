/**
 * Joint to the networks that pods may have to themselves, where all that they connect to is steered to the node's proxy.
 *
 * <p>In: a pod's name. Out: sockets of its network, and what an address means that its programs connect to. Thread: stated
 * on each method. Deliberately absent: how such a network is made.
 */
@NullMarked
package dev.weft.proxy.network;

import org.jspecify.annotations.NullMarked;
