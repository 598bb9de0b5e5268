/**
 * Who is who: a trust anchor, an issuer, and short-lived certificates for workloads.
 *
 * <p>In: identities, or certificate signing requests. Out: certificates, through {@link
 * dev.weft.model.workload.Certificates}. Thread: any may ask; one virtual thread renews. Deliberately absent: handshakes,
 * and private keys of workloads on disk.
 */
@NullMarked
package dev.weft.control.identity;

import org.jspecify.annotations.NullMarked;
