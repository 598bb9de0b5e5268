/**
 * How a route or a service treats its requests: balancing, breaking, limits, retries, time-outs.
 *
 * <p>In: what resources declare. Out: parts of a {@code Rule} and an {@code EndpointGroup}. Thread: any, all immutable.
 * Deliberately absent: matching, and everything that acts.
 */
@NullMarked
package dev.weft.model.policy;

import org.jspecify.annotations.NullMarked;
