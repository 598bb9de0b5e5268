/**
 * The Service Mesh Interface: traffic splits, targets, route groups, in every published version's shape.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: TCP and UDP routes, metrics.
 */
@NullMarked
package dev.weft.resources.smi;

import org.jspecify.annotations.NullMarked;
