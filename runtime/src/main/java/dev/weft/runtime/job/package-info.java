/**
 * Jobs: pods that run to their end, as often as wanted.
 *
 * <p>In: Job resources and the phases of their pods. Out: pods and the Job's status. Thread: one reconciler. Deliberately
 * absent: indexed completion, success and pod failure policies, selectors of one's own, CronJobs.
 */
@NullMarked
package dev.weft.runtime.job;

import org.jspecify.annotations.NullMarked;
