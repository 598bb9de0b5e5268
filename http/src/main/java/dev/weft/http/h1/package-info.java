/**
 * The HTTP/1.1 codec (RFC 9112, RFC 9110): pure functions over bytes with offsets.
 *
 * <p>In: bytes, split anywhere. Out: heads as offsets into those bytes, where a body ends, edited heads as bytes. Thread:
 * any, one at a time; the objects are made to be used again. Deliberately absent: sockets, Netty, header objects, and
 * every leniency that two parsers could understand differently.
 */
@NullMarked
package dev.weft.http.h1;

import org.jspecify.annotations.NullMarked;
