/**
 * Who runs: identities, workloads, their running instances, and the two joints through which the rest of Weft learns
 * of them and asks for more of them.
 *
 * <p>In: the runtime (or a cluster) publishes {@link dev.weft.model.workload.Instance}s through {@link
 * dev.weft.model.workload.Endpoints}. Out: the control plane puts them into snapshots; the proxy asks {@link
 * dev.weft.model.workload.Capacity}. Thread: stated on each joint. Deliberately absent: how a process is started.
 */
@NullMarked
package dev.weft.model.workload;

import org.jspecify.annotations.NullMarked;
