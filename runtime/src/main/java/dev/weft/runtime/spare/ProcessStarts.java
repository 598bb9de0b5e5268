package dev.weft.runtime.spare;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/** The newest starts of processes on this machine. Owner of the list: this object's monitor. */
public final class ProcessStarts {

    private static final int KEPT_MAX = 1000;

    private final Deque<ProcessStart> newest = new ArrayDeque<>();

    public synchronized void add(ProcessStart start) {
        newest.addFirst(start);
        if (newest.size() > KEPT_MAX) {
            newest.removeLast();
        }
    }

    /** Those that are asked for, the newest first. */
    public synchronized List<ProcessStart> newest(Predicate<ProcessStart> asked, int max) {
        return newest.stream().filter(asked).limit(max).toList();
    }
}
