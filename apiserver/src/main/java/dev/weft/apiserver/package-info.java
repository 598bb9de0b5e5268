/**
 * The Kubernetes-shaped API of one machine.
 *
 * <p>In: a data directory, a store, handlers of others to mount. Out: a TLS port, a kubeconfig. Thread: Jetty's, a
 * virtual thread for each request; one controller for namespaces. Deliberately absent: what any resource makes happen.
 */
@NullMarked
package dev.weft.apiserver;

import org.jspecify.annotations.NullMarked;
