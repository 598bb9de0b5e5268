package dev.weft.serving.knative;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.resources.Resource;
import dev.weft.resources.knative.Configuration;
import dev.weft.resources.knative.KnativeService;
import dev.weft.resources.knative.Route;
import dev.weft.serving.scale.ScalingPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** All that keeps a resource from being acted on: what its reader finds, and annotations that cannot be used. */
final class Validation {

    private static final String AUTOSCALING = "autoscaling.knative.dev/";

    private Validation() {}

    static List<Problem> ofService(Resource service) {
        List<Problem> problems = errors(KnativeService.read(service).problems());
        for (String name : service.annotations().keySet()) {
            if (name.startsWith(AUTOSCALING)) {
                problems.add(problem(
                        service,
                        "metadata.annotations[" + name + "]",
                        "has no effect here.",
                        "Move it to spec.template.metadata.annotations."));
            }
        }
        problems.addAll(scaling(service));
        return problems;
    }

    static List<Problem> ofConfiguration(Resource configuration) {
        List<Problem> problems = errors(Configuration.read(configuration).problems());
        problems.addAll(scaling(configuration));
        return problems;
    }

    static List<Problem> ofRoute(Resource route) {
        return errors(Route.read(route).problems());
    }

    /** One text for a condition's message. */
    static String text(List<Problem> problems) {
        return problems.stream()
                .map(problem -> problem.field() + ": " + problem.message() + " " + problem.remedy())
                .collect(Collectors.joining("\n"));
    }

    static List<Problem> errors(List<Problem> problems) {
        List<Problem> errors = new ArrayList<>(problems);
        errors.removeIf(problem -> problem.severity() != Problem.Severity.ERROR);
        return errors;
    }

    private static List<Problem> scaling(Resource resource) {
        Map<String, String> annotations = Resource.strings(resource.at("/spec/template/metadata/annotations"));
        int concurrency =
                resource.at("/spec/template/spec/containerConcurrency").asInt(0);
        return ScalingPolicy.read(annotations, Math.max(0, concurrency)).faults().stream()
                .map(fault -> problem(
                        resource,
                        "spec.template.metadata.annotations[" + fault.annotation() + "]",
                        fault.message() + ".",
                        "Correct or remove it."))
                .toList();
    }

    private static Problem problem(Resource resource, String field, String message, String remedy) {
        return new Problem(
                Location.API,
                resource.key().reference(),
                field,
                "InvalidSpec",
                message,
                remedy,
                Problem.Severity.ERROR);
    }
}
