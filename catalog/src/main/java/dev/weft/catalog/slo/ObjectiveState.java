package dev.weft.catalog.slo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One objective of one SLO, as it stands.
 *
 * @param name its display name, or its number from 1
 * @param window over which it is judged
 * @param since how far back the counts go; later than the window's start while it is younger
 * @param budget over the window
 * @param burn over {@code burnWindow}, its newest part
 * @param trend the share of the budget that was left at even steps over the window, oldest first
 */
public record ObjectiveState(
        String namespace,
        String slo,
        String description,
        String service,
        String name,
        Duration window,
        Instant since,
        Budget budget,
        Duration burnWindow,
        Budget burn,
        List<Optional<Double>> trend) {

    public ObjectiveState {
        trend = List.copyOf(trend);
    }
}
