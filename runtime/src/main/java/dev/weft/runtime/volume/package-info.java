/**
 * What pods mount: folders of their own, ConfigMaps, Secrets, tokens and facts about themselves.
 *
 * <p>In: a pod's {@code volumes} and {@code volumeMounts}, the store. Out: folders of this machine, and where a container
 * sees them. Thread: the pod's own; updates on one thread for all pods. Deliberately absent: claims, network file systems,
 * drivers.
 */
@NullMarked
package dev.weft.runtime.volume;

import org.jspecify.annotations.NullMarked;
