/**
 * Emissary-ingress: listeners, hosts, mappings, as far as the edge acts on them.
 *
 * <p>In: {@link dev.weft.resources.Resource}s. Out: records that have been checked, or problems. Thread: the caller's, all
 * records are immutable. Deliberately absent: how they bind to each other.
 */
@NullMarked
package dev.weft.resources.emissary;

import org.jspecify.annotations.NullMarked;
