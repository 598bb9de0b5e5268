/**
 * How many instances each revision should have: Knative's published algorithm, and what feeds and obeys it.
 *
 * <p>In: requests starting and ending, from event loops; revisions as their controller sees them. Out: the replicas of
 * each revision's Deployment, with the reason of every change. Thread: counting on any thread, deciding on one virtual
 * thread. Deliberately absent: routes, conditions, and who waits for an instance.
 */
@NullMarked
package dev.weft.serving.scale;

import org.jspecify.annotations.NullMarked;
