/**
 * Certificates of Hosts that name an ACME authority (RFC 8555). In: Hosts, Secrets, where the edge listens. Out: Secrets
 * with certificates, challenges for the edge to answer, states for the Hosts' statuses, Events.
 * Thread: one virtual thread decides, one more for each order under way; nothing here is called on an event loop.
 * Absent: DNS-01, and so wildcards; external accounts; revocation; anything that is asked of an authority nobody named.
 */
@NullMarked
package dev.weft.control.acme;

import org.jspecify.annotations.NullMarked;
