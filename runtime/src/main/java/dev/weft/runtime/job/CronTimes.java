package dev.weft.runtime.job;

import dev.weft.resources.batch.CronJob;
import dev.weft.resources.batch.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Where a schedule stands at one moment. A pure function of the two.
 *
 * @param missed the newest time that is over and for which nothing has begun
 * @param next the first that is still to come
 */
record CronTimes(Optional<Instant> missed, Optional<Instant> next) {

    /** The first step back for the newest time that is over. */
    private static final Duration STEP = Duration.ofMinutes(2);

    /** @param since the time of the last Job, or when the CronJob was made */
    static CronTimes of(CronJob job, Instant since, Instant now) {
        if (job.schedule() instanceof CronSchedule.Every(Duration pause)) {
            return again(pause, job.deadline(), since, now);
        }
        Instant earliest = job.deadline()
                .map(now::minus)
                .filter(limit -> limit.isAfter(since))
                .orElse(since);
        Optional<Instant> next = job.schedule().next(now, job.zone());
        return new CronTimes(newest(job, earliest, now), next);
    }

    /** Each time follows from the one before, in whole seconds, and not from the calendar. */
    private static CronTimes again(Duration pause, Optional<Duration> deadline, Instant since, Instant now) {
        Instant first = since.plus(pause).truncatedTo(ChronoUnit.SECONDS);
        if (first.isAfter(now)) {
            return new CronTimes(Optional.empty(), Optional.of(first));
        }
        long seconds = pause.toSeconds();
        Instant last = first.plusSeconds(Duration.between(first, now).toSeconds() / seconds * seconds);
        boolean late = deadline.filter(limit -> last.isBefore(now.minus(limit))).isPresent();
        return new CronTimes(late ? Optional.empty() : Optional.of(last), Optional.of(last.plusSeconds(seconds)));
    }

    /** After however long a sleep, without walking through all that was missed. */
    private static Optional<Instant> newest(CronJob job, Instant earliest, Instant now) {
        for (Duration back = STEP; ; back = back.multipliedBy(2)) {
            Instant from = now.minus(back).isAfter(earliest) ? now.minus(back) : earliest;
            Optional<Instant> found = lastAfter(job, from, now);
            if (found.isPresent() || from.equals(earliest)) {
                return found;
            }
        }
    }

    private static Optional<Instant> lastAfter(CronJob job, Instant from, Instant now) {
        Optional<Instant> last = Optional.empty();
        Optional<Instant> time = job.schedule().next(from, job.zone());
        while (time.isPresent() && !time.get().isAfter(now)) {
            last = time;
            time = job.schedule().next(time.get(), job.zone());
        }
        return last;
    }
}
