/**
 * Clients' connections, in HTTP/1.1 and in HTTP/2: where requests come in and answers go out.
 *
 * <p>In: bytes of accepted connections. Out: an {@link dev.weft.proxy.exchange.Exchange} for each request, and its answer's
 * bytes. Thread: the connection's loop. Deliberately absent: what becomes of a request.
 */
@NullMarked
package dev.weft.proxy.server;

import org.jspecify.annotations.NullMarked;
