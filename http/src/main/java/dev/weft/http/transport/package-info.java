/**
 * Connections, event loops and TLS: the only package with Netty in it, and no Netty type shows.
 *
 * <p>In: bytes to write, addresses to bind and to connect to. Out: {@link dev.weft.http.transport.ConnectionHandler}
 * calls with bytes read. Thread: each connection belongs to one {@link dev.weft.http.transport.Loop}, and every call about
 * it is made there. Deliberately absent: HTTP, meshes, and waiting: nothing here blocks but {@code listen} and {@code close}.
 */
@NullMarked
package dev.weft.http.transport;

import org.jspecify.annotations.NullMarked;
