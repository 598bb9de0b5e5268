package dev.weft.resources.batch;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A Job at times.
 *
 * @param deadline after its time for as long a Job may still begin; empty for ever
 * @param successesKept how many Jobs stay that have succeeded
 * @param failuresKept how many that have failed
 */
public record CronJob(
        Resource resource,
        CronSchedule schedule,
        ZoneId zone,
        Concurrency concurrency,
        boolean suspended,
        Optional<Duration> deadline,
        int successesKept,
        int failuresKept) {

    /** What happens when the last Job still runs. */
    public enum Concurrency {
        ALLOW,
        FORBID,
        REPLACE
    }

    private static final CronSchedule NEVER = new CronSchedule.Every(Duration.ofDays(36_500));

    public static Read<CronJob> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static CronJob of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.requiredObject("jobTemplate", template -> {
                template.names();
                return template.requiredObject("spec", CronJob::job);
            });
            Concurrency concurrency = spec.word("concurrencyPolicy", List.of("Allow", "Forbid", "Replace"))
                    .map(CronJob::concurrency)
                    .orElse(Concurrency.ALLOW);
            boolean late = spec.has("startingDeadlineSeconds");
            Duration deadline = spec.seconds("startingDeadlineSeconds", 0, 0, Integer.MAX_VALUE);
            return new CronJob(
                    resource,
                    schedule(spec),
                    zone(spec),
                    concurrency,
                    spec.flag("suspend", false),
                    late ? Optional.of(deadline) : Optional.empty(),
                    spec.integer("successfulJobsHistoryLimit", 3, 0, Integer.MAX_VALUE),
                    spec.integer("failedJobsHistoryLimit", 1, 0, Integer.MAX_VALUE));
        });
    }

    /** What a Job needs at the least; its controller reads the rest. */
    private static boolean job(Fields spec) {
        spec.names();
        return spec.requiredObject("template", template -> {
            template.names();
            return template.requiredObject("spec", pod -> {
                pod.names();
                Optional<String> restart = pod.word("restartPolicy", List.of("OnFailure", "Never"));
                if (restart.isEmpty() && !pod.has("restartPolicy")) {
                    pod.missing("restartPolicy", "OnFailure or Never");
                }
                return true;
            });
        });
    }

    private static CronSchedule schedule(Fields spec) {
        String text = spec.requiredText("schedule");
        if (text.isEmpty()) {
            return NEVER;
        }
        try {
            return CronSchedule.parse(text);
        } catch (IllegalArgumentException e) {
            spec.invalid("schedule", e.getMessage() + ".", "Write for example \"*/5 * * * *\" or @daily.");
            return NEVER;
        }
    }

    private static ZoneId zone(Fields spec) {
        Optional<String> name = spec.text("timeZone");
        try {
            return name.isEmpty() ? ZoneId.systemDefault() : ZoneId.of(name.get());
        } catch (DateTimeException e) {
            spec.invalid("timeZone", "\"" + name.get() + "\" is no time zone.", "Write for example Europe/Berlin.");
            return ZoneId.of("UTC");
        }
    }

    private static Concurrency concurrency(String word) {
        return switch (word) {
            case "Forbid" -> Concurrency.FORBID;
            case "Replace" -> Concurrency.REPLACE;
            default -> Concurrency.ALLOW;
        };
    }
}
