/**
 * Serves one function over HTTP/1.1, in a process of its own.
 *
 * <p>In: a class path and a class name, requests on {@code PORT}. Out: what the function answers. Thread: one virtual
 * thread per connection. Deliberately absent: every other class of Weft and every library (this package is a jar of its
 * own, made for a start in milliseconds), types beside text, CloudEvents, TLS and HTTP/2 (the mesh has those).
 */
@NullMarked
package dev.weft.runtime.host;

import org.jspecify.annotations.NullMarked;
