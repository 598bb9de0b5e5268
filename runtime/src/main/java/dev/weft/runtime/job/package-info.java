/**
 * Jobs: pods that run to their end, as often as wanted; and Jobs at times.
 *
 * <p>In: Job resources and the phases of their pods. Out: pods and the Job's status. Thread: one reconciler. Deliberately
 * absent: limits for each index, success and pod failure policies, selectors of one's own.
 */
@NullMarked
package dev.weft.runtime.job;

import org.jspecify.annotations.NullMarked;
