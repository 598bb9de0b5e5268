/**
 * Objectives: what OpenSLO documents aim at, and how much of the error budget is left.
 *
 * <p>In: SLO resources, and the cumulative sums of all series. Out: budgets computed from those sums alone, written to
 * the SLO's status. Thread: the catalogue's ticker owns all sums; queries read what it published. Deliberately absent:
 * alerts, time slices, calendar windows, and ratios of ratios.
 */
@NullMarked
package dev.weft.catalog.slo;

import org.jspecify.annotations.NullMarked;
