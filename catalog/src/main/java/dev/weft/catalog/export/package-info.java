/**
 * What leaves the process, request by request: lines of an access log, and spans.
 *
 * <p>In: Outcomes, on event loops. Out: text in a file or on standard output, and OTLP over HTTP to a collector. Thread:
 * taking an Outcome is safe from any thread and never waits; each export has one thread that writes. Deliberately absent:
 * bodies and queries, and any header that was not asked for by name.
 */
@NullMarked
package dev.weft.catalog.export;

import org.jspecify.annotations.NullMarked;
