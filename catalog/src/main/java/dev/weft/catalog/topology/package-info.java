/**
 * The map: who calls whom, declared and observed, with live numbers, and where to draw it.
 *
 * <p>In: windows of sums, a snapshot, and what is declared. Out: a graph, its layout, and both as JSON, text and DOT.
 * Thread: any; pure. Deliberately absent: drawing, which is the browser's, and history.
 */
@NullMarked
package dev.weft.catalog.topology;

import org.jspecify.annotations.NullMarked;
