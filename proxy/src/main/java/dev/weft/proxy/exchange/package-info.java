/**
 * The exchange engine: one request on its way from its client to an endpoint and back.
 *
 * <p>In: bytes of client connections, and the newest {@link dev.weft.proxy.exchange.View}. Out: bytes to endpoints and
 * clients, one {@link dev.weft.model.outcome.Outcome} for each request. Thread: everything of one request happens on its
 * client connection's loop. Deliberately absent: which stations a request passes (package {@code stack}), listeners.
 */
@NullMarked
package dev.weft.proxy.exchange;

import org.jspecify.annotations.NullMarked;
