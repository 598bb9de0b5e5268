package dev.weft.runtime.process;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a process and all that it started have used.
 *
 * @param processorNanos since they began
 * @param memoryBytes now; what they share counts once, or for each of them where that will do
 */
public record ProcessUse(long processorNanos, long memoryBytes) {

    /** Linux shows times to programs in hundredths of a second, whatever its own clock does. */
    public static final long NANOS_PER_TICK = 10_000_000;

    /**
     * Of each of these, by its number; nothing for one that has ended.
     *
     * @param exactly whether memory that processes share counts once, at a hundred times the cost: milliseconds for each
     */
    public static Map<Long, ProcessUse> of(List<Long> processes, boolean exactly) {
        ProcessTrees trees = ProcessTrees.now();
        return processes.stream()
                .filter(pid -> ProcessHandle.of(pid).isPresent())
                .distinct()
                .collect(Collectors.toMap(pid -> pid, pid -> ofTree(trees.from(pid), exactly)));
    }

    private static ProcessUse ofTree(List<Long> tree, boolean exactly) {
        return new ProcessUse(ProcessorUse.nanos(tree), exactly ? MemoryUse.exactly(tree) : MemoryUse.atMost(tree));
    }
}
