/**
 * Keeps resources durably on one machine.
 *
 * <p>In: writes from any thread. Out: resources, changes, refusals. Thread: one writer thread commits groups of writes
 * to SQLite; one thread delivers changes to controllers; reads come from memory on the caller's thread. Deliberately
 * absent: REST, admission, and more than one process on one file.
 */
@NullMarked
package dev.weft.apiserver.store;

import org.jspecify.annotations.NullMarked;
