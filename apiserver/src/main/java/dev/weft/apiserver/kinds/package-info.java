/**
 * What is served, and how it looks: each kind's versions, names and columns, and the documents that tell clients of
 * them (discovery, OpenAPI).
 *
 * <p>In: {@link dev.weft.resources.Kinds}. Out: JSON. Thread: any, everything is immutable. Deliberately absent:
 * requests, and schemas of fields (the OpenAPI documents say honestly that any field is allowed).
 */
@NullMarked
package dev.weft.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
