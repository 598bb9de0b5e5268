package dev.weft.resources.openslo;

import dev.weft.resources.reading.Fields;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Over what time an objective is judged. */
public sealed interface TimeWindow {

    /** The last so much time. */
    record Rolling(Duration duration) implements TimeWindow {}

    /**
     * Aligned to the calendar.
     *
     * @param count of units
     * @param unit {@code m} minutes, {@code h}, {@code d}, {@code w}, {@code M} months, {@code Q}, {@code Y}
     * @param startTime as written, {@code 2020-01-21 12:30:00}
     */
    record Calendar(int count, char unit, String startTime, ZoneId zone) implements TimeWindow {}

    /** Stands where none could be read; never in a value that was read without a problem. */
    TimeWindow NONE = new Rolling(Duration.ZERO);

    Pattern DURATION = Pattern.compile("([1-9]\\d{0,5})([mhdwMQY])");

    static TimeWindow of(Fields fields) {
        String text = fields.requiredText("duration");
        Matcher matcher = DURATION.matcher(text);
        boolean rolling = fields.flag("isRolling", !fields.has("calendar"));
        Optional<Calendar> calendar = fields.object("calendar", inner -> calendar(inner, matcher));
        if (!matcher.matches()) {
            fields.invalid(
                    "duration", "\"" + text + "\" is no duration.", "Write for example 5m, 1h, 30d or 1M (month).");
            return NONE;
        }
        if (!rolling && calendar.isEmpty()) {
            fields.missing("calendar", "{startTime, timeZone}, or isRolling: true");
        }
        if (!rolling) {
            return calendar.map(TimeWindow.class::cast).orElse(NONE);
        }
        int count = Integer.parseInt(matcher.group(1));
        Duration unit = switch (matcher.group(2).charAt(0)) {
            case 'm' -> Duration.ofMinutes(1);
            case 'h' -> Duration.ofHours(1);
            case 'd' -> Duration.ofDays(1);
            case 'w' -> Duration.ofDays(7);
            case 'M' -> Duration.ofDays(30);
            case 'Q' -> Duration.ofDays(90);
            default -> Duration.ofDays(365);
        };
        return new Rolling(unit.multipliedBy(count));
    }

    private static Calendar calendar(Fields fields, Matcher duration) {
        String zone = fields.requiredText("timeZone");
        String start = fields.requiredText("startTime");
        boolean whole = duration.matches();
        int count = whole ? Integer.parseInt(duration.group(1)) : 1;
        char unit = whole ? duration.group(2).charAt(0) : 'd';
        try {
            return new Calendar(count, unit, start, ZoneId.of(zone));
        } catch (DateTimeException e) {
            fields.invalid("timeZone", "\"" + zone + "\" is no time zone.", "Write for example Europe/Berlin.");
        }
        return new Calendar(count, unit, start, ZoneId.of("UTC"));
    }
}
