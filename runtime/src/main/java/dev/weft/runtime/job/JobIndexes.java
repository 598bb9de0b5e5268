package dev.weft.runtime.job;

import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The numbers of an indexed Job's completions: one pod at a time has each, until one with it has succeeded. */
record JobIndexes(BitSet succeeded, BitSet taken) {

    private static final String ANNOTATION = "batch.kubernetes.io/job-completion-index";
    private static final String VARIABLE = "JOB_COMPLETION_INDEX";

    static JobIndexes of(List<Resource> pods) {
        BitSet succeeded = new BitSet();
        BitSet taken = new BitSet();
        for (Resource pod : pods) {
            int index = index(pod);
            String phase = pod.at("/status/phase").asString("");
            if (index >= 0 && phase.equals("Succeeded")) {
                succeeded.set(index);
            } else if (index >= 0 && !phase.equals("Failed") && !pod.deleting()) {
                taken.set(index);
            }
        }
        return new JobIndexes(succeeded, taken);
    }

    /** The lowest ones that nobody has. */
    List<Integer> free(int count, int completions) {
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < completions && free.size() < count; i++) {
            if (!succeeded.get(i) && !taken.get(i)) {
                free.add(i);
            }
        }
        return free;
    }

    /** As the status writes them: {@code 0-2,5}. */
    String completed() {
        StringBuilder text = new StringBuilder();
        for (int from = succeeded.nextSetBit(0); from >= 0; ) {
            int end = succeeded.nextClearBit(from);
            text.append(text.isEmpty() ? "" : ",").append(from);
            if (end - from > 1) {
                text.append(end - from > 2 ? "-" : ",").append(end - 1);
            }
            from = succeeded.nextSetBit(end);
        }
        return text.toString();
    }

    /** Tells a new pod its number: by an annotation, a label, and a variable of every container. */
    static void give(int index, ObjectNode pod) {
        String number = Integer.toString(index);
        ObjectNode metadata = pod.withObject("/metadata");
        metadata.withObjectProperty("annotations").put(ANNOTATION, number);
        metadata.withObjectProperty("labels").put(ANNOTATION, number);
        for (String list : List.of("initContainers", "containers")) {
            pod.at("/spec/" + list).forEach(container -> {
                if (container instanceof ObjectNode object) {
                    object.withArrayProperty("env")
                            .addObject()
                            .put("name", VARIABLE)
                            .put("value", number);
                }
            });
        }
    }

    private static int index(Resource pod) {
        String text = pod.annotations().getOrDefault(ANNOTATION, "");
        return text.matches("[0-9]{1,7}") ? Integer.parseInt(text) : -1;
    }
}
