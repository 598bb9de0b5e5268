package dev.weft.catalog.web;

import dev.weft.catalog.metrics.History;
import dev.weft.catalog.metrics.Window;
import java.time.Duration;
import java.util.Map;

/** Reads the {@code window} parameter: {@code 30s}, {@code 5m}, or {@code all}. */
final class Windows {

    private Windows() {}

    static Window of(Map<String, String> parameters, String otherwise, History history) {
        String text = parameters.getOrDefault("window", otherwise);
        if (text.equals("all")) {
            return history.all();
        }
        if (!text.matches("[1-9]\\d{0,5}[sm]")) {
            throw new IllegalArgumentException("window: \"" + text + "\" (expected: for example 30s, 5m, or all)");
        }
        int number = Integer.parseInt(text.substring(0, text.length() - 1));
        Duration window = text.endsWith("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
        if (window.compareTo(History.LONGEST) > 0) {
            throw new IllegalArgumentException("window: \"" + text + "\" (expected: at most "
                    + History.LONGEST.toMinutes() + "m, or all for everything since the start)");
        }
        return history.last(window);
    }
}
