/**
 * Scale-to-zero serving: Knative's services, autoscaling by concurrency, and waking what sleeps.
 *
 * <p>In: what is declared, from the store; instances; requests starting, ending and waiting. Out: Deployments, Services
 * and statuses in the store; {@link dev.weft.model.workload.Capacity}. Thread: counting and asking on event loops, all
 * else on virtual threads of its own. Deliberately absent: processes, and the routing of requests.
 */
@NullMarked
package dev.weft.serving;

import org.jspecify.annotations.NullMarked;
