/**
 * The ways to change a document: JSON patch (RFC 6902), merge patch (RFC 7396), Kubernetes' strategic merge patch.
 *
 * <p>In: a document and a patch. Out: a new document; neither is changed. Thread: the caller's, everything is a pure
 * function. Deliberately absent: server-side apply, which has to know who set what ({@code ownership}).
 */
@NullMarked
package dev.weft.apiserver.patch;

import org.jspecify.annotations.NullMarked;
