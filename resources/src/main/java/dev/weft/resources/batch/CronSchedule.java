package dev.weft.resources.batch;

import dev.weft.resources.reading.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When something runs, as cron and Kubernetes write it: {@code minute hour day-of-month month day-of-week}, {@code @daily} and
 * the like, {@code @every 1h30m}. Where both days are named, either will do. An hour that a change of the clocks leaves out has
 * no times.
 */
public sealed interface CronSchedule {

    /** By the calendar. */
    record Calendar(CronField minute, CronField hour, CronField day, CronField month, CronField weekday)
            implements CronSchedule {}

    /** Again and again, whole seconds. */
    record Every(Duration pause) implements CronSchedule {}

    Map<String, String> NAMED = Map.of(
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *",
            "@monthly", "0 0 1 * *",
            "@weekly", "0 0 * * 0",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@hourly", "0 * * * *");

    List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    List<String> DAYS = List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat");

    /** The 29th of February comes once in eight years at the least. */
    int YEARS_AHEAD = 8;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException when it is none; the message says why
     */
    static CronSchedule parse(String text) {
        String every = "@every ";
        if (text.startsWith(every)) {
            Duration pause = Durations.parse(text.substring(every.length()).strip())
                    .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" has no duration such as 1h30m"));
            return new Every(pause.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : pause);
        }
        if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
            throw new IllegalArgumentException("TZ and CRON_TZ are not for schedules: write timeZone");
        }
        String[] fields = NAMED.getOrDefault(text, text).strip().split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" has " + fields.length + " fields (expected: minute hour day month weekday)");
        }
        return new Calendar(
                CronField.parse(fields[0], 0, 59, List.of()),
                CronField.parse(fields[1], 0, 23, List.of()),
                CronField.parse(fields[2], 1, 31, List.of()),
                CronField.parse(fields[3], 1, 12, MONTHS),
                CronField.parse(fields[4], 0, 6, DAYS));
    }

    /** The first time after this moment; empty for a day that never comes. */
    default Optional<Instant> next(Instant after, ZoneId zone) {
        return switch (this) {
            case Every(Duration pause) -> Optional.of(after.plus(pause).truncatedTo(ChronoUnit.SECONDS));
            case Calendar calendar -> next(calendar, after.atZone(zone)).map(ZonedDateTime::toInstant);
        };
    }

    private static Optional<ZonedDateTime> next(Calendar calendar, ZonedDateTime after) {
        ZonedDateTime time = after.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
        int lastYear = after.getYear() + YEARS_AHEAD;
        while (time.getYear() <= lastYear) {
            if (!calendar.month().allows(time.getMonthValue())) {
                time = time.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay(time.getZone());
            } else if (!onDay(calendar, time)) {
                time = time.toLocalDate().plusDays(1).atStartOfDay(time.getZone());
            } else if (!calendar.hour().allows(time.getHour())) {
                time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!calendar.minute().allows(time.getMinute())) {
                time = time.plusMinutes(1);
            } else {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    private static boolean onDay(Calendar calendar, ZonedDateTime time) {
        boolean day = calendar.day().allows(time.getDayOfMonth());
        boolean weekday = calendar.weekday().allows(time.getDayOfWeek().getValue() % 7);
        boolean either = !calendar.day().any() && !calendar.weekday().any();
        return either ? day || weekday : day && weekday;
    }
}
