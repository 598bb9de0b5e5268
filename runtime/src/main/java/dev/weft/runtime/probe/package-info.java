/**
 * Whether a program is started, alive and ready, asked of the program itself.
 *
 * <p>In: a container's probes and its ports. Out: {@link dev.weft.runtime.probe.Health} after every answer. Thread: the
 * pod's own; a probe blocks it for at most its timeout. Deliberately absent: what is done about the answers; exec and
 * gRPC probes.
 */
@NullMarked
package dev.weft.runtime.probe;

import org.jspecify.annotations.NullMarked;
