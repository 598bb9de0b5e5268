/**
 * The catalogue of what runs and how it fares: metrics, the map, objectives, and the console that shows them.
 *
 * <p>In: Outcomes from the proxies, snapshots, and the resources declared. Out: handlers for the API, a console, and the
 * status of SLOs. Thread: recording on event loops without locks; all else on its own virtual threads. Deliberately
 * absent: anything that changes where requests go.
 */
@NullMarked
package dev.weft.catalog;

import org.jspecify.annotations.NullMarked;
