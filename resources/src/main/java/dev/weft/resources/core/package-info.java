/**
 * Kubernetes' core group, as far as Weft acts on it: services, pods and their parts, secrets, configuration.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: fields that only a cluster acts on.
 */
@NullMarked
package dev.weft.resources.core;

import org.jspecify.annotations.NullMarked;
