package dev.weft.runtime.logs;

import java.time.Instant;

/** One printed line, without its end, and when it was read. */
public record LogLine(Instant time, String text) {

    /** As stored: {@code TIME TEXT}. */
    String stored() {
        return time + " " + text;
    }

    static LogLine parse(String stored) {
        int space = stored.indexOf(' ');
        if (space < 0) {
            return new LogLine(Instant.EPOCH, stored);
        }
        try {
            return new LogLine(Instant.parse(stored.substring(0, space)), stored.substring(space + 1));
        } catch (java.time.format.DateTimeParseException e) {
            return new LogLine(Instant.EPOCH, stored); // cut short by a crash of the machine
        }
    }
}
