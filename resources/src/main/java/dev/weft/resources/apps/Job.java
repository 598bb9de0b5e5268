package dev.weft.resources.apps;

import dev.weft.resources.Resource;
import dev.weft.resources.core.PodTemplate;
import dev.weft.resources.reading.Fields;
import java.util.List;

/** Pods that are to end (batch/v1). */
public record Job(Resource resource, PodTemplate template) {

    private static final int MOST = Integer.MAX_VALUE;

    public static Job of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("selector", "manualSelector", "podFailurePolicy", "successPolicy", "managedBy");
            spec.flag("suspend", false);
            spec.integer("parallelism", 1, 0, MOST);
            spec.integer("completions", 1, 0, MOST);
            spec.integer("backoffLimit", 6, 0, MOST);
            spec.integer("backoffLimitPerIndex", 0, 0, MOST);
            spec.integer("maxFailedIndexes", 0, 0, MOST);
            spec.integer("activeDeadlineSeconds", 1, 1, MOST);
            spec.integer("ttlSecondsAfterFinished", 0, 0, MOST);
            spec.word("podReplacementPolicy", List.of("TerminatingOrFailed", "Failed"));
            boolean indexed = spec.word("completionMode", List.of("NonIndexed", "Indexed"))
                    .filter("Indexed"::equals)
                    .isPresent();
            if (indexed && !spec.has("completions")) {
                spec.missing("completions", "how many indexes there are");
            }
            PodTemplate template = spec.requiredObject("template", PodTemplate::of);
            if (spec.has("template") && template.spec().restartPolicy().equals("Always")) {
                spec.invalid(
                        "template.spec.restartPolicy",
                        "has to be OnFailure or Never, because a Job's pods end.",
                        "Write restartPolicy: OnFailure, or Never.");
            }
            return new Job(resource, template);
        });
    }
}
