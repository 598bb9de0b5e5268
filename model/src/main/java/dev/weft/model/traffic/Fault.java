package dev.weft.model.traffic;

import dev.weft.model.problem.ResourceReference;
import dev.weft.model.workload.WorkloadIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What goes wrong on purpose: a delay, then, if there is one, an answer in place of the backend's.
 *
 * @param headers conditions, all of which must hold
 * @param callers whose requests it meets; empty for everybody's
 * @param share of the requests that meet the conditions, in thousandths, 1 to 1000
 * @param delay zero for none
 * @param abort the status of an error in place of an answer, 0 for none
 * @param answer given word for word in place of the backend's; with it {@code abort} is 0
 */
public record Fault(
        ResourceReference source,
        List<HeaderMatch> headers,
        Set<WorkloadIdentity> callers,
        int share,
        Duration delay,
        int abort,
        Optional<Answer> answer) {

    /** An answer of the proxy's own. */
    public record Answer(int status, String contentType, String body) {}

    public Fault {
        headers = List.copyOf(headers);
        callers = Set.copyOf(callers);
    }
}
