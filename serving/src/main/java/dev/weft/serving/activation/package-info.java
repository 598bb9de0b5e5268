/**
 * Who waits for an instance, and what is known of the instances on their way.
 *
 * <p>In: waiting requests, from event loops; pods from the store, instances from {@link
 * dev.weft.model.workload.Endpoints}. Out: {@link dev.weft.model.workload.Capacity}, and a record of each cold start.
 * Thread: asking on any thread, answering on one virtual thread. Deliberately absent: how many instances there should
 * be.
 */
@NullMarked
package dev.weft.serving.activation;

import org.jspecify.annotations.NullMarked;
