/**
 * Who set which field of a document: {@code metadata.managedFields}, and server-side apply on top of it.
 *
 * <p>In: the document that there is, the one that is wanted, who wants it. Out: the document to store with its managers
 * noted, or the conflicts. Thread: the caller's; everything is a pure function. Deliberately absent: what controllers of
 * this process write, which nobody owns; schemas of Weft's own kinds, whose lists are therefore owned as a whole.
 */
@NullMarked
package dev.weft.apiserver.ownership;

import org.jspecify.annotations.NullMarked;
