/**
 * Processes that die with the platform, whatever it dies of.
 *
 * <p>In: a command with its environment. Out: a {@link dev.weft.runtime.process.RunningProcess} to stop and to wait
 * for. Thread: all processes are started by the one thread of {@link dev.weft.runtime.process.Spawner}, because Linux
 * ties the death signal to the thread that started the child. Deliberately absent: pods, probes, restarts.
 */
@NullMarked
package dev.weft.runtime.process;

import org.jspecify.annotations.NullMarked;
