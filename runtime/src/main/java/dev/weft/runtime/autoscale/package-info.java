/**
 * HorizontalPodAutoscalers: as many pods as their use of processor and memory asks for.
 *
 * <p>In: the autoscalers, the pods of what they scale and the figures of their use. Out: {@code spec.replicas} and the
 * autoscalers' statuses. Thread: one reconciler. Deliberately absent: metrics of pods, objects or elsewhere, and targets of
 * other kinds than Deployments and ReplicaSets; the status says so.
 */
@NullMarked
package dev.weft.runtime.autoscale;

import org.jspecify.annotations.NullMarked;
