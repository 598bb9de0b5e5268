/**
 * The Kubernetes conventions over HTTP.
 *
 * <p>In: authenticated requests. Out: JSON, tables, watches, logs; every refusal is a {@code Status}. Thread: a virtual
 * thread for each request. Deliberately absent: TLS and tokens (the package above), storage, exec and port-forward,
 * conversion between versions beyond the label.
 */
@NullMarked
package dev.weft.apiserver.rest;

import org.jspecify.annotations.NullMarked;
