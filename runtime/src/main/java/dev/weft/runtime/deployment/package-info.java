/**
 * Deployments to ReplicaSets to pods: as many as wanted, the old template's replaced by the new one's step by step, with
 * a history to go back to.
 *
 * <p>In: Deployments, ReplicaSets and the status of their pods. Out: ReplicaSets, pods, status and events. Thread: one
 * reconciler for both kinds. Deliberately absent: proportional scaling in the middle of a change; {@code
 * pod-deletion-cost}; selectors by {@code matchExpressions}.
 */
@NullMarked
package dev.weft.runtime.deployment;

import org.jspecify.annotations.NullMarked;
