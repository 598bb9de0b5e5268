/**
 * JSON to and from the types of functions, small enough to be loaded within a cold start.
 *
 * <p>In: text (RFC 8259), and types as reflection tells them. Out: records, beans, maps, lists, numbers, text. Thread: any;
 * nothing here has state. Deliberately absent: annotations of JSON libraries, subtypes by name, streaming.
 */
@NullMarked
package dev.weft.runtime.host.json;

import org.jspecify.annotations.NullMarked;
