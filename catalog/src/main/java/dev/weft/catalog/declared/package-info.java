/**
 * What is declared, kept at hand for the map and the console.
 *
 * <p>In: watches of the resource store, and the verdicts of a snapshot. Out: resources by kind, and one row for each with
 * what became of it. Thread: the store's for changes, any for reading. Deliberately absent: Secrets and ConfigMaps, whose
 * contents nobody here needs, and writing.
 */
@NullMarked
package dev.weft.catalog.declared;

import org.jspecify.annotations.NullMarked;
