/**
 * What the edge shows its clients in TLS, and what it asks of theirs. In: Hosts, TLSContexts and Secrets; out: a
 * certificate with its policy for each host, and findings about what cannot be used.
 * Thread: the compiling one.
 * Absent: the mesh's certificates ({@code control.identity}), and handshakes ({@code http.transport}).
 */
@NullMarked
package dev.weft.control.tls;

import org.jspecify.annotations.NullMarked;
