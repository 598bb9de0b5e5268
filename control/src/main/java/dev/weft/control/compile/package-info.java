/**
 * From what is declared and what runs to one snapshot.
 *
 * <p>In: {@link dev.weft.control.declared.Declarations} and instances. Out: a {@link dev.weft.model.traffic.Snapshot} with a
 * verdict for every resource. Thread: one, the control plane's; the same input gives the same output. Deliberately absent:
 * watching, publishing, statuses, certificates of workloads.
 */
@NullMarked
package dev.weft.control.compile;

import org.jspecify.annotations.NullMarked;
