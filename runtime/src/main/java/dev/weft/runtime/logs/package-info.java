/**
 * What pods print: kept in files of bounded size, readable while they grow.
 *
 * <p>In: a program's output. Out: {@link dev.weft.runtime.logs.LogReader}s for {@code weft logs} and the API. Thread:
 * one reading thread per program; readers block on their own. Deliberately absent: the platform's own log.
 */
@NullMarked
package dev.weft.runtime.logs;

import org.jspecify.annotations.NullMarked;
