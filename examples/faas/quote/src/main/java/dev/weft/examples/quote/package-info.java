/**
 * The service of the demonstration: a small HTTP server, a process of its own.
 *
 * <p>In: {@code PORT} and {@code VERSION} from the environment. Out: quotes. Thread: one virtual thread for each request.
 * Deliberately absent: TLS and permissions, which are the mesh's.
 */
@NullMarked
package dev.weft.examples.quote;

import org.jspecify.annotations.NullMarked;
