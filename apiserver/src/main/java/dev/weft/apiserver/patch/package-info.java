/**
 * The ways to change a document: JSON patch (RFC 6902), merge patch (RFC 7396), Kubernetes' strategic merge patch, and a
 * simple form of apply.
 *
 * <p>In: a document and a patch. Out: a new document; neither is changed. Thread: the caller's, everything is a pure
 * function. Deliberately absent: field managers and their conflicts; an applied document adds and replaces, it removes
 * nothing.
 */
@NullMarked
package dev.weft.apiserver.patch;

import org.jspecify.annotations.NullMarked;
