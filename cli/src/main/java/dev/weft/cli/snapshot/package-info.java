/**
 * The data plane in another process: how {@code weft proxy} follows a {@code weft up} elsewhere on the machine.
 *
 * <p>In: the snapshots and the authority of the running platform, through two API paths. Out: the joints {@link
 * dev.weft.model.traffic.Snapshots} and {@link dev.weft.model.workload.Certificates}, made of what came over the
 * network. Thread: one virtual thread follows and publishes. Deliberately absent: the proxy itself, and tokens (the API
 * server asks for them before a handler of this package is reached).
 */
@NullMarked
package dev.weft.cli.snapshot;

import org.jspecify.annotations.NullMarked;
