/**
 * The client's side: the API found through a kubeconfig, and what is printed from it.
 *
 * <p>In: a data directory's {@code kubeconfig}. Out: JSON trees, tables, YAML. Thread: the caller's. Deliberately absent:
 * options, and the platform itself, which a client only meets over its API.
 */
@NullMarked
package dev.weft.cli.client;

import org.jspecify.annotations.NullMarked;
