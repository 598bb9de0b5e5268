/**
 * Workloads on this machine: Deployments become pods, pods become processes.
 *
 * <p>In: what is declared, through {@code ResourceStore}. Out: what runs, through {@code Endpoints}; status, Events,
 * logs. Thread: reconcilers and pods on virtual threads, processes started by one permanent thread. Deliberately
 * absent: traffic, scaling decisions, identities' keys.
 */
@NullMarked
package dev.weft.runtime;

import org.jspecify.annotations.NullMarked;
