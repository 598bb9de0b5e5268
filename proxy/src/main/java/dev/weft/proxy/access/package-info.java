/**
 * Who may call: one pod's access policy against the identity that a client proved and the head of its request.
 *
 * <p>In: an {@link dev.weft.model.traffic.AccessPolicy} and the called workload's identity. Out: an {@link
 * dev.weft.proxy.access.Access}, which names the rule that allowed it or says what is missing. Thread: immutable, any.
 * Deliberately absent: where an identity comes from (the certificate), and what the answer looks like.
 */
@NullMarked
package dev.weft.proxy.access;

import org.jspecify.annotations.NullMarked;
