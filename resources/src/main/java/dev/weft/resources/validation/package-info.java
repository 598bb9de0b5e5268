/**
 * From a document to a resource: the one place that knows every kind's reader.
 *
 * <p>In: {@link dev.weft.resources.document.Document}s, from files and from the API. Out: resources in the version that is
 * stored, and every problem found. Thread: the caller's. Deliberately absent: references between resources.
 */
@NullMarked
package dev.weft.resources.validation;

import org.jspecify.annotations.NullMarked;
