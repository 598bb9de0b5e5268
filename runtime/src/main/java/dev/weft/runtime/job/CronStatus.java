package dev.weft.runtime.job;

import dev.weft.resources.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A CronJob's status while it is made. One reconciliation's own. */
final class CronStatus {

    private final Instant made;
    private final ObjectNode json;
    private final List<Resource> active = new ArrayList<>();
    private final List<Resource> finished = new ArrayList<>();

    private CronStatus(Instant made, ObjectNode json) {
        this.made = made;
        this.json = json;
    }

    static CronStatus of(Resource cron, List<Resource> jobs, Instant now) {
        ObjectNode before =
                cron.at("/status") instanceof ObjectNode old ? old.deepCopy() : JsonNodeFactory.instance.objectNode();
        String made = cron.at("/metadata/creationTimestamp").asString("");
        CronStatus status = new CronStatus(made.isEmpty() ? now : Instant.parse(made), before);
        List<String> wereActive = before.path("active")
                .valueStream()
                .map(job -> job.path("uid").asString(""))
                .toList();
        for (Resource job : jobs) {
            if (end(job).isEmpty()) {
                status.active.add(job);
            } else if (wereActive.contains(job.uid())) {
                status.finished.add(job);
            }
            String success = job.at("/status/completionTime").asString("");
            if (success.compareTo(before.path("lastSuccessfulTime").asString("")) > 0) {
                before.put("lastSuccessfulTime", success);
            }
        }
        return status;
    }

    /** How a Job has ended, in the word of its condition; empty while it has not. */
    static String end(Resource job) {
        for (JsonNode condition : job.at("/status/conditions")) {
            String type = condition.path("type").asString("");
            if (condition.path("status").asString("").equals("True") && !type.equals("Suspended")) {
                return type;
            }
        }
        return "";
    }

    /** Those that have ended since the last look. */
    List<Resource> finished() {
        return finished;
    }

    /** The time that was served last, or when the CronJob was made. */
    Instant since() {
        String last = json.path("lastScheduleTime").asString("");
        return last.isEmpty() ? made : Instant.parse(last);
    }

    void started(Resource job, Instant time) {
        active.add(job);
        passed(time);
    }

    void passed(Instant time) {
        json.put("lastScheduleTime", time.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    ObjectNode json() {
        json.remove("active");
        if (!active.isEmpty()) {
            ArrayNode list = json.putArray("active");
            for (Resource job : active) {
                list.addObject()
                        .put("apiVersion", job.kind().apiVersion())
                        .put("kind", job.kind().kind())
                        .put("namespace", job.namespace())
                        .put("name", job.name())
                        .put("uid", job.uid());
            }
        }
        return json;
    }
}
