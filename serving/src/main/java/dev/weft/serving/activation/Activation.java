package dev.weft.serving.activation;

import dev.weft.model.workload.ServiceName;
import java.time.Instant;
import java.util.Optional;

/**
 * One cold start: when each step on the way from the first waiting request to an instance was seen. A step that was
 * not seen, or came before the request, is empty or earlier.
 *
 * @param wanted the first request began to wait
 * @param requests how many waited together
 * @param decided the autoscaler had written the wish for an instance
 * @param podCreated the pod was declared
 * @param processStarted its program was running
 * @param ready it answered its readiness probe
 * @param ended the waiting requests were let go
 * @param failure why they were let go without an instance; empty when there was one
 */
public record Activation(
        ServiceName revision,
        Instant wanted,
        int requests,
        Optional<Instant> decided,
        Optional<String> pod,
        Optional<Instant> podCreated,
        Optional<Instant> processStarted,
        Optional<Instant> ready,
        Instant ended,
        Optional<String> failure) {}
