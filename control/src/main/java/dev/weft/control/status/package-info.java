/**
 * What people see of the control plane's decisions in the resources themselves.
 *
 * <p>In: verdicts, instances. Out: {@code status.conditions}, Events, EndpointSlices, written only when they changed.
 * Thread: one for each writer, may block. Deliberately absent: statuses that another controller owns.
 */
@NullMarked
package dev.weft.control.status;

import org.jspecify.annotations.NullMarked;
