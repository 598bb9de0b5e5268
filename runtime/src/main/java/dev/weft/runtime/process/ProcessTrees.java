package dev.weft.runtime.process;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which process of this machine started which, at one moment. */
final class ProcessTrees {

    private final Map<Long, List<Long>> children;

    private ProcessTrees(Map<Long, List<Long>> children) {
        this.children = children;
    }

    /** Lists the machine's processes, once for everybody who asks. */
    static ProcessTrees now() {
        Map<Long, List<Long>> children = new HashMap<>();
        ProcessHandle.allProcesses()
                .forEach(each -> each.parent()
                        .ifPresent(parent -> children.computeIfAbsent(parent.pid(), _ -> new ArrayList<>())
                                .add(each.pid())));
        return new ProcessTrees(children);
    }

    /** A process and all that it started, and those started. */
    List<Long> from(long root) {
        List<Long> found = new ArrayList<>();
        Deque<Long> left = new ArrayDeque<>(List.of(root));
        for (Long next = left.poll(); next != null; next = left.poll()) {
            found.add(next);
            left.addAll(children.getOrDefault(next, List.of()));
        }
        return found;
    }
}
