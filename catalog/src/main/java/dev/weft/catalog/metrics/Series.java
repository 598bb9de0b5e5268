package dev.weft.catalog.metrics;

import java.util.Map;

/** What identifies one line of counters: a record of labels. Equal labels, equal series. */
public interface Series<S extends Series<S>> {

    /** What a label says of all that was too much to tell apart. */
    String OTHER = "other";

    /** The labels that may take many values, by name; those are what a limit folds. */
    Map<String, String> manyValued();

    /** The same series with one of {@link #manyValued()} set to {@link #OTHER}. */
    S folded(String label);
}
