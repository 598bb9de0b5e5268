package dev.weft.apiserver.kinds;

import dev.weft.resources.Resource;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The table of Jobs, as Kubernetes' printer makes it. */
final class JobColumns {

    static final List<Column> JOB = List.of(
            Column.text("Status", JobColumns::status),
            Column.text("Completions", JobColumns::completions),
            new Column("Duration", "string", 0, JobColumns::duration),
            Column.age(),
            Column.text("Containers", job -> CoreColumns.containers(job, "name"))
                    .wide(),
            Column.text("Images", job -> CoreColumns.containers(job, "image")).wide(),
            Column.text("Selector", job -> CoreColumns.selector(job)).wide());

    static final List<Column> CRON_JOB = List.of(
            Column.at("Schedule", "/spec/schedule"),
            Column.text("Timezone", cron -> cron.at("/spec/timeZone").asString("<none>")),
            Column.text("Suspend", cron -> cron.at("/spec/suspend").asBoolean(false) ? "True" : "False"),
            Column.number("Active", cron -> (long) cron.at("/status/active").size()),
            new Column("Last Schedule", "string", 0, JobColumns::lastSchedule),
            Column.age(),
            Column.text("Containers", cron -> inTemplate(cron, "name")).wide(),
            Column.text("Images", cron -> inTemplate(cron, "image")).wide());

    private JobColumns() {}

    private static JsonNode lastSchedule(Resource cron, Instant now) {
        String last = cron.at("/status/lastScheduleTime").asString("");
        return JsonNodeFactory.instance.stringNode(last.isEmpty() ? "<none>" : Age.since(last, now));
    }

    private static String inTemplate(Resource cron, String field) {
        return cron.at("/spec/jobTemplate/spec/template/spec/containers")
                .valueStream()
                .map(container -> container.path(field).asString(""))
                .collect(Collectors.joining(","));
    }

    private static String status(Resource job) {
        for (String type : List.of("Complete", "Failed", "Suspended")) {
            if (CoreColumns.condition(job, type).equals("True")) {
                return type;
            }
        }
        return job.deleting() ? "Terminating" : "Running";
    }

    private static String completions(Resource job) {
        long succeeded = job.at("/status/succeeded").asLong(0);
        if (job.at("/spec").has("completions")) {
            return succeeded + "/" + job.at("/spec/completions").asLong(1);
        }
        long parallelism = job.at("/spec/parallelism").asLong(1);
        return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
    }

    private static JsonNode duration(Resource job, Instant now) {
        String start = job.at("/status/startTime").asString("");
        String end = job.at("/status/completionTime").asString(now.toString());
        return JsonNodeFactory.instance.stringNode(start.isEmpty() ? "" : Age.since(start, Instant.parse(end)));
    }
}
