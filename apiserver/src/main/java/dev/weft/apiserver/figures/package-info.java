/**
 * What pods and nodes use, as documents of {@code metrics.k8s.io}.
 *
 * <p>In: the runtime's accounting, and the labels of what it is about. Out: resources that are never stored. Thread: the
 * request's. Deliberately absent: watches of them, and figures of anything else.
 */
@NullMarked
package dev.weft.apiserver.figures;

import org.jspecify.annotations.NullMarked;
