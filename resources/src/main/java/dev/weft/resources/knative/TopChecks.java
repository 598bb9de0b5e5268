package dev.weft.resources.knative;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Equality;
import dev.weft.resources.reading.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What Knative's admission says of a whole Service, Configuration, Route or Revision, and of changes to them. */
public final class TopChecks {

    private static final String AUTOSCALING = "autoscaling.knative.dev/";
    private static final List<String> ROLLOUT =
            List.of("serving.knative.dev/rollout-duration", "serving.knative.dev/rolloutDuration");

    /** RFC 1035 label: these names become parts of hosts. */
    private static final Pattern LABEL = Pattern.compile("[a-z]([-a-z0-9]{0,61}[a-z0-9])?");

    private TopChecks() {}

    static boolean label(String name) {
        return LABEL.matcher(name).matches();
    }

    /** Notes what is wrong with the metadata. */
    static void of(Resource resource, Fields root) {
        if (!resource.name().isEmpty() && !label(resource.name())) {
            root.invalid(
                    "metadata.name",
                    "\"" + resource.name() + "\" is no name for a host.",
                    "Write at most 63 lower case letters, digits and dashes, beginning with a letter.");
        }
        boolean routed = !resource.kind().equals(Kinds.CONFIGURATION);
        resource.annotations().forEach((name, value) -> {
            String field = "metadata.annotations." + name;
            if (name.startsWith(AUTOSCALING)) {
                root.invalid(field, "has no effect here.", "Move it to spec.template.metadata.annotations.");
            } else if (routed && ROLLOUT.contains(name) && !wholeSeconds(value)) {
                root.invalid(field, "\"" + value + "\" is no time of whole seconds.", "Write for example 380s.");
            }
        });
        String visibility = resource.labels().getOrDefault(Route.VISIBILITY_LABEL, Route.CLUSTER_LOCAL);
        if (!visibility.equals(Route.CLUSTER_LOCAL)) {
            root.invalid(
                    "metadata.labels." + Route.VISIBILITY_LABEL,
                    "\"" + visibility + "\" is not " + Route.CLUSTER_LOCAL + ".",
                    "Write " + Route.CLUSTER_LOCAL + ", or remove it.");
        }
        boolean named =
                !resource.at("/spec/template/metadata/name").asString("").isEmpty();
        if (named && !resource.at("/metadata/generateName").asString("").isEmpty()) {
            root.invalid(
                    "spec.template.metadata.name",
                    "not allowed beside metadata.generateName.",
                    "Leave one of them out.");
        }
    }

    /** What makes a change one that may not be: a template that changes under its name, a revision that changes at all. */
    public static List<Problem> ofChange(Resource before, Resource after) {
        List<Problem> problems = new ArrayList<>();
        boolean templated =
                after.kind().equals(Kinds.KNATIVE_SERVICE) || after.kind().equals(Kinds.CONFIGURATION);
        if (templated) {
            JsonNode old = before.at("/spec/template");
            JsonNode now = after.at("/spec/template");
            String name = now.at("/metadata/name").asString("");
            boolean kept =
                    !name.isEmpty() && name.equals(old.at("/metadata/name").asString(""));
            if (kept && !Equality.same(complete(old), complete(now))) {
                problems.add(problem(
                        after,
                        "spec.template.metadata.name",
                        "\"" + name + "\" is the name of a revision already: saw changes without a name change.",
                        "Give the next revision another name, or remove it."));
            }
        }
        if (after.kind().equals(Kinds.REVISION) && !Equality.same(before.at("/spec"), after.at("/spec"))) {
            problems.add(problem(
                    after,
                    "spec",
                    "a revision never changes.",
                    "Change the template of the Service or Configuration that makes it."));
        }
        return problems;
    }

    private static JsonNode complete(JsonNode template) {
        JsonNode copy = template.deepCopy();
        if (copy.path("spec") instanceof ObjectNode spec) {
            KnativeDefaults.fill(spec);
        }
        return copy;
    }

    private static boolean wholeSeconds(String text) {
        Optional<Duration> duration = Durations.parse(text);
        return duration.isPresent()
                && !duration.get().isNegative()
                && duration.get().toNanosPart() == 0;
    }

    private static Problem problem(Resource resource, String field, String message, String remedy) {
        return new Problem(
                Location.API,
                resource.key().reference(),
                field,
                "FieldInvalid",
                field + ": " + message,
                remedy,
                Problem.Severity.ERROR);
    }
}
