/**
 * Kubernetes' {@code batch} group: what runs at times.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems; times of schedules. Thread:
 * the caller's, all records are immutable. Deliberately absent: Jobs, which their controller reads itself.
 */
@NullMarked
package dev.weft.resources.batch;

import org.jspecify.annotations.NullMarked;
