/**
 * Kubernetes' {@code apps} group and Jobs: deployments, replica sets, and whose a pod is.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: stateful sets and daemon sets.
 */
@NullMarked
package dev.weft.resources.apps;

import org.jspecify.annotations.NullMarked;
