/**
 * Knative Serving: services, configurations, revisions, routes.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: how they are reconciled, and autoscaling's annotations.
 */
@NullMarked
package dev.weft.resources.knative;

import org.jspecify.annotations.NullMarked;
