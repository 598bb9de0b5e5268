/**
 * Why a request ended as it did.
 *
 * <p>In: Outcomes, on event loops. Out: for a request id, what every hop decided and saw, in words and as JSON. Thread:
 * keeping is safe from any thread and takes no lock; reading is for queries. Deliberately absent: what is older than
 * the rings hold, and any guess where nothing was seen.
 */
@NullMarked
package dev.weft.catalog.why;

import org.jspecify.annotations.NullMarked;
