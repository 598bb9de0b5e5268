/**
 * What names and addresses mean inside a pod's network: cluster DNS, and the addresses behind it.
 *
 * <p>In: Services and Namespaces from the store, pods with their addresses, questions of programs. Out: answers, and what an
 * address means that a program connects to. Thread: questions on virtual threads, addresses from any, also from event loops.
 * Deliberately absent: DNSSEC, zone transfers, and any record of the outside but addresses.
 */
@NullMarked
package dev.weft.runtime.names;

import org.jspecify.annotations.NullMarked;
