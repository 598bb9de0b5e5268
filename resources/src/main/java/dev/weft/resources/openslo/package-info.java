/**
 * OpenSLO v1: service level objectives.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: separate indicators, alert policies, data sources.
 */
@NullMarked
package dev.weft.resources.openslo;

import org.jspecify.annotations.NullMarked;
