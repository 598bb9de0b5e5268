/**
 * What did happen: one {@link dev.weft.model.outcome.Outcome} for each request that a proxy handled, with its attempts.
 *
 * <p>In: proxies make them. Out: metrics, topology, autoscaling, {@code tap} and {@code why} read them through {@link
 * dev.weft.model.outcome.OutcomeListener}. Thread: made on an event loop, immutable after. Deliberately absent: counting.
 */
@NullMarked
package dev.weft.model.outcome;

import org.jspecify.annotations.NullMarked;
