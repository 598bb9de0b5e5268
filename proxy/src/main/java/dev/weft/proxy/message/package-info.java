/**
 * Parts of messages on their way through: bodies, chunks, trailers, answers of our own.
 *
 * <p>In: bytes and heads from one side. Out: bytes for the other. Thread: the request's loop. Deliberately absent: the
 * request's life, and who its ends are.
 */
@NullMarked
package dev.weft.proxy.message;

import org.jspecify.annotations.NullMarked;
