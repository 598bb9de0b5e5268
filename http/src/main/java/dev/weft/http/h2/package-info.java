/**
 * The HTTP/2 codec (RFC 9113, RFC 7541, RFC 8441): one connection as a pure function of the bytes that came and the calls
 * that were made.
 *
 * <p>In: bytes, split anywhere, and heads in HTTP/1.1 form. Out: events with heads in HTTP/1.1 form, and bytes. Thread:
 * any, one at a time. Deliberately absent: sockets, clocks, priorities, pushed responses, and Huffman coding of what is
 * sent, which costs more than the bytes it saves.
 */
@NullMarked
package dev.weft.http.h2;

import org.jspecify.annotations.NullMarked;
