/**
 * Deployments to pods: as many as wanted, the old template's replaced by the new one's step by step.
 *
 * <p>In: Deployment resources and the status of their pods. Out: Pod resources and the Deployment's status. Thread: one
 * reconciler. Deliberately absent: ReplicaSets (a pod belongs to its Deployment directly; {@code pod-template-hash}
 * tells templates apart), so {@code kubectl rollout undo} has no history; {@code minReadySeconds}.
 */
@NullMarked
package dev.weft.runtime.deployment;

import org.jspecify.annotations.NullMarked;
