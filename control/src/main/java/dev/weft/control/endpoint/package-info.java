/**
 * Which addresses stand behind Services.
 *
 * <p>In: the instances, and the Endpoints that somebody wrote. Out: endpoints for snapshots, and Endpoints and EndpointSlices
 * for people to see. Thread: the caller's; each writer belongs to one. Deliberately absent: EndpointSlices that somebody wrote.
 */
@NullMarked
package dev.weft.control.endpoint;

import org.jspecify.annotations.NullMarked;
