package dev.weft.proxy.route;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the first of many conditions that holds, by walking the path's bytes once: a radix tree over the literal
 * beginnings of the conditions' paths. A regular expression hangs at its own literal beginning and runs only if no
 * cheaper condition before it has won. Immutable.
 */
final class PathTrie {

    private static final int NONE = Integer.MAX_VALUE;

    /**
     * A condition and its place in the order.
     *
     * @param ordinal the rule's place; the lowest that holds wins
     */
    record Entry(int ordinal, HeadCondition condition) {
        byte[] literal() {
            return condition.path().literal();
        }
    }

    private final Node root;
    private final boolean expressions;

    PathTrie(List<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::literal, Arrays::compare).thenComparingInt(Entry::ordinal));
        this.root = new Node(sorted, 0);
        this.expressions =
                entries.stream().anyMatch(each -> each.condition().path().isExpression());
    }

    /** The lowest ordinal whose condition holds, or -1. */
    int find(HeadView head) {
        int best = walk(head, NONE, false);
        if (expressions) {
            best = walk(head, best, true);
        }
        return best == NONE ? -1 : best;
    }

    private int walk(HeadView head, int best, boolean expressionsNow) {
        byte[] bytes = head.bytes();
        int from = head.pathStart();
        int to = head.pathEnd();
        int at = from;
        Node node = root;
        int found = best;
        while (node.continues(bytes, at, to)) {
            at += node.label.length;
            found = first(expressionsNow ? node.expressions : node.plain, head, from, at, to, found);
            int child = at < to ? Arrays.binarySearch(node.firsts, bytes[at]) : -1;
            if (child < 0) {
                break;
            }
            node = node.children[child];
        }
        return found;
    }

    private static int first(Entry[] entries, HeadView head, int from, int at, int to, int best) {
        for (Entry entry : entries) {
            if (entry.ordinal >= best) {
                break;
            }
            HeadCondition condition = entry.condition;
            if (condition.holdsBesidePath(head) && condition.path().holdsBehind(head.bytes(), from, at, to)) {
                return entry.ordinal;
            }
        }
        return best;
    }

    private static final class Node {
        private final byte[] label;
        private final Entry[] plain;
        private final Entry[] expressions;
        private final byte[] firsts;
        private final Node[] children;

        /** @param entries sorted by literal, all of which share the first {@code depth} bytes */
        Node(List<Entry> entries, int depth) {
            int end = entries.isEmpty() ? depth : sharedEnd(entries, depth);
            this.label = entries.isEmpty()
                    ? new byte[0]
                    : Arrays.copyOfRange(entries.getFirst().literal(), depth, end);
            List<Entry> here = entries.stream()
                    .filter(each -> each.literal().length == end)
                    .toList();
            this.plain = here.stream()
                    .filter(each -> !each.condition().path().isExpression())
                    .toArray(Entry[]::new);
            this.expressions = here.stream()
                    .filter(each -> each.condition().path().isExpression())
                    .toArray(Entry[]::new);
            List<List<Entry>> groups = groups(entries.subList(here.size(), entries.size()), end);
            this.firsts = new byte[groups.size()];
            this.children = new Node[groups.size()];
            for (int i = 0; i < children.length; i++) {
                firsts[i] = groups.get(i).getFirst().literal()[end];
                children[i] = new Node(groups.get(i), end);
            }
        }

        private boolean continues(byte[] bytes, int at, int to) {
            int end = at + label.length;
            return end <= to && (label.length == 0 || Arrays.equals(bytes, at, end, label, 0, label.length));
        }

        /** Sorted, so what the first and the last share is what all share. */
        private static int sharedEnd(List<Entry> entries, int depth) {
            byte[] first = entries.getFirst().literal();
            byte[] last = entries.getLast().literal();
            int end = depth;
            while (end < first.length && end < last.length && first[end] == last[end]) {
                end++;
            }
            return end;
        }

        private static List<List<Entry>> groups(List<Entry> entries, int at) {
            List<List<Entry>> groups = new ArrayList<>();
            int start = 0;
            for (int i = 1; i <= entries.size(); i++) {
                if (i == entries.size()
                        || entries.get(i).literal()[at] != entries.get(start).literal()[at]) {
                    groups.add(entries.subList(start, i));
                    start = i;
                }
            }
            return groups;
        }
    }
}
