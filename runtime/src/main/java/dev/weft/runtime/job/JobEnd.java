package dev.weft.runtime.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How a Job ended, in the words of its condition. */
record JobEnd(String condition, String reason, String message) {

    /** Empty while it goes on. */
    static Optional<JobEnd> of(JobSpec spec, JobProgress progress, String startTime, Instant now) {
        if (progress.complete(spec)) {
            return Optional.of(
                    new JobEnd("Complete", "CompletionsReached", "Reached expected number of succeeded pods"));
        }
        if (progress.failures() > spec.failuresMax()) {
            return Optional.of(
                    new JobEnd("Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"));
        }
        boolean late = !startTime.isEmpty()
                && spec.deadline()
                        .filter(deadline ->
                                Duration.between(Instant.parse(startTime), now).compareTo(deadline) >= 0)
                        .isPresent();
        return late
                ? Optional.of(new JobEnd("Failed", "DeadlineExceeded", "Job was active longer than specified deadline"))
                : Optional.empty();
    }
}
