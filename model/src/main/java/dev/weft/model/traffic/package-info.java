/**
 * What should happen: the one internal traffic model that every API compiles to, in one immutable, versioned snapshot.
 *
 * <p>In: the control plane builds a {@link dev.weft.model.traffic.Snapshot} from resources and endpoints. Out: every
 * proxy reads the newest through {@link dev.weft.model.traffic.Snapshots}. Thread: any, all types are immutable.
 * Deliberately absent: the APIs that it came from (only their names stay, for messages) and anything about bytes.
 */
@NullMarked
package dev.weft.model.traffic;

import org.jspecify.annotations.NullMarked;
