/**
 * Pods' own namespaces: made, entered and let go.
 *
 * <p>In: a pod's addresses and the files that it shall see. Out: a {@link dev.weft.runtime.namespace.PodNamespace}, with its
 * listening socket and the words that start a program inside. Thread: everything happens on the one thread of {@link
 * dev.weft.runtime.namespace.Maker}. Deliberately absent: what addresses mean, and processes.
 */
@NullMarked
package dev.weft.runtime.namespace;

import org.jspecify.annotations.NullMarked;
