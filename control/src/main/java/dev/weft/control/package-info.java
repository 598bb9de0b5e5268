/**
 * The control plane: follows what is declared and what runs, and publishes snapshots.
 *
 * <p>In: a {@link dev.weft.resources.ResourceStore} and {@link dev.weft.model.workload.Endpoints}. Out: {@link
 * dev.weft.model.traffic.Snapshots}, statuses and events. Thread: compiles on one virtual thread, writes statuses on
 * another. Deliberately absent: what the resources mean (see {@code compile}) and the workloads' identities.
 */
@NullMarked
package dev.weft.control;

import org.jspecify.annotations.NullMarked;
