/**
 * Pods as processes: from a Pod resource to a running, probed program and back into its status.
 *
 * <p>In: Pod resources, images, a wire. Out: {@code Instance}s through {@link dev.weft.runtime.pod.InstanceTable},
 * status, Events, logs. Thread: one virtual thread per pod runs its whole life; one reconciler starts and stops them.
 * Deliberately absent: pods of several containers, init containers, volumes, resource limits (each refused or ignored
 * as {@link dev.weft.runtime.pod.PodSpec} says).
 */
@NullMarked
package dev.weft.runtime.pod;

import org.jspecify.annotations.NullMarked;
