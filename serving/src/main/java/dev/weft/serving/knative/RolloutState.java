package dev.weft.serving.knative;

import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.reading.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where a Route's {@link Rollout} is kept, and how long one takes. It stands in the annotation that Knative writes on the Ingress,
 * in Knative's form; here there is no Ingress, and it stands in the Route's status, where a restart finds it.
 */
final class RolloutState {

    static final String ANNOTATION = "networking.internal.knative.dev/rollout";

    static final Key CONFIGURED_IN = Kinds.CONFIG_MAP.key("knative-serving", "config-network");

    private static final List<String> DURATION =
            List.of("serving.knative.dev/rollout-duration", "serving.knative.dev/rolloutDuration");
    private static final String DEFAULT_SECONDS = "rollout-duration";
    private static final long SECOND_NANOS = 1_000_000_000;

    private RolloutState() {}

    /** The Route's annotation, else the default of config-network in seconds, else zero. */
    static Duration duration(ResourceStore store, Resource route) {
        Duration own = DURATION.stream()
                .map(name -> route.annotations().getOrDefault(name, ""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .flatMap(Durations::parse)
                .orElse(Duration.ZERO);
        if (!own.isZero()) {
            return own;
        }
        String fallback = store.get(CONFIGURED_IN)
                .map(found -> found.at("/data/" + DEFAULT_SECONDS).asString(""))
                .orElse("");
        return fallback.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(fallback)) : Duration.ZERO;
    }

    /** Nothing where nothing was written yet, or nothing that makes sense: then shares change at once. */
    static Rollout read(Resource route) {
        String text = Resource.strings(route.at("/status/annotations")).getOrDefault(ANNOTATION, "");
        if (text.isEmpty()) {
            return Rollout.NONE;
        }
        try {
            List<Rollout.Line> lines = new ArrayList<>();
            for (JsonNode line : JsonMapper.shared().readTree(text).path("configurations")) {
                lines.add(line(line));
            }
            return lines.stream().allMatch(RolloutState::sound) ? new Rollout(lines) : Rollout.NONE;
        } catch (JacksonException e) {
            return Rollout.NONE; // somebody wrote it by hand
        }
    }

    static void write(Rollout rollout, ObjectNode status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        rollout.lines()
                .forEach(line -> write(line, json.withArray("/configurations").addObject()));
        status.putObject("annotations").put(ANNOTATION, json.toString());
    }

    private static void write(Rollout.Line line, ObjectNode json) {
        json.put("configurationName", line.configuration());
        if (!line.tag().isEmpty()) {
            json.put("tag", line.tag());
        }
        json.put("percent", line.percent());
        for (Rollout.Share share : line.shares()) {
            ObjectNode revision = json.withArray("/revisions").addObject();
            revision.put("revisionName", share.revision());
            revision.put("percent", share.percent());
        }
        ObjectNode parameters = json.putObject("stepParams");
        line.pace().ifPresent(pace -> {
            parameters.put("starttime", nanos(pace.start()));
            parameters.put("nextStepTime", nanos(pace.next()));
            parameters.put("stepDuration", pace.step().toNanos());
            parameters.put("stepSize", pace.percent());
        });
    }

    private static Rollout.Line line(JsonNode json) {
        List<Rollout.Share> shares = new ArrayList<>();
        for (JsonNode revision : json.path("revisions")) {
            shares.add(new Rollout.Share(
                    revision.path("revisionName").asString(""),
                    revision.path("percent").asInt(0)));
        }
        JsonNode parameters = json.path("stepParams");
        int step = parameters.path("stepSize").asInt(0);
        Optional<Rollout.Pace> pace = step == 0
                ? Optional.empty()
                : Optional.of(new Rollout.Pace(
                        instant(parameters.path("starttime")),
                        instant(parameters.path("nextStepTime")),
                        Duration.ofNanos(parameters.path("stepDuration").asLong(0)),
                        step));
        return new Rollout.Line(
                json.path("configurationName").asString(""),
                json.path("tag").asString(""),
                json.path("percent").asInt(0),
                shares,
                pace);
    }

    private static boolean sound(Rollout.Line line) {
        int sum = line.shares().stream().mapToInt(Rollout.Share::percent).sum();
        boolean positive = line.shares().stream().allMatch(share -> share.percent() > 0);
        boolean paced = line.pace()
                .map(pace -> pace.percent() > 0
                        && pace.percent() <= 100
                        && !pace.step().isNegative())
                .orElse(true);
        return positive && paced && sum == line.percent() && sum > 0 && sum <= 100;
    }

    private static long nanos(Instant instant) {
        return instant.getEpochSecond() * SECOND_NANOS + instant.getNano();
    }

    private static Instant instant(JsonNode nanos) {
        return Instant.EPOCH.plusNanos(nanos.asLong(0));
    }
}
