/**
 * The smallest HTTP/1.1 server that a function behind a proxy needs.
 *
 * <p>In: connections. Out: a {@link dev.weft.runtime.host.http.Handler} called with each request, its answer sent whole or, as
 * it is flushed, in chunks. Thread: a virtual one for each connection. Deliberately absent: HTTP/2, TLS, trailers, requests of
 * more than 16 MiB: the proxy in front and the platform's limits are there for these.
 */
@NullMarked
package dev.weft.runtime.host.http;

import org.jspecify.annotations.NullMarked;
