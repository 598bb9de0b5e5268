/**
 * A certificate authority of the developer's own, for names that the edge answers to on this machine.
 *
 * <p>In: host names. Out: {@code kubernetes.io/tls} Secrets, and the authority's certificate to trust. Thread: any.
 * Deliberately absent: workload identities, which {@code control.identity} issues, and renewal: the command makes the
 * Secret anew.
 */
@NullMarked
package dev.weft.cli.authority;

import org.jspecify.annotations.NullMarked;
