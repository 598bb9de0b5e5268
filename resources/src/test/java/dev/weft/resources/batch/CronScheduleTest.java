package dev.weft.resources.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            */15 * * * *        | 2026-03-04T10:07:30Z | 2026-03-04T10:15:00Z
            */15 * * * *        | 2026-03-04T10:15:00Z | 2026-03-04T10:30:00Z
            5/20 * * * *        | 2026-03-04T10:07:00Z | 2026-03-04T10:25:00Z
            0 9-17 * * mon-fri  | 2026-03-06T17:30:00Z | 2026-03-09T09:00:00Z
            0 0 13 * 5          | 2026-03-07T00:00:00Z | 2026-03-13T00:00:00Z
            0 0 13 * 5          | 2026-03-01T00:00:00Z | 2026-03-06T00:00:00Z
            0 0 ? * sun         | 2026-03-04T00:00:00Z | 2026-03-08T00:00:00Z
            0 0 29 2 *          | 2026-03-01T00:00:00Z | 2028-02-29T00:00:00Z
            @monthly            | 2026-12-31T23:59:00Z | 2027-01-01T00:00:00Z
            @hourly             | 2026-03-04T10:00:00Z | 2026-03-04T11:00:00Z
            @every 1m30s        | 2026-03-04T10:00:00Z | 2026-03-04T10:01:30Z
            """)
    void knowsTheNextTime(String schedule, Instant after, Instant next) {
        assertThat(CronSchedule.parse(schedule).next(after, ZoneId.of("UTC"))).contains(next);
    }

    @Test
    void goesByTheClocksOfItsTimeZone() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        CronSchedule daily = CronSchedule.parse("30 2 * * *");

        assertThat(daily.next(Instant.parse("2026-03-27T12:00:00Z"), berlin))
                .contains(Instant.parse("2026-03-28T01:30:00Z"));
        assertThat(daily.next(Instant.parse("2026-03-28T12:00:00Z"), berlin))
                .as("half past two does not come when the clocks go forward")
                .contains(Instant.parse("2026-03-30T00:30:00Z"));
    }

    @Test
    void hasNoTimeOnADayThatNeverComes() {
        assertThat(CronSchedule.parse("0 0 30 2 *").next(Instant.EPOCH, ZoneId.of("UTC")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* * * * 7",
                "5-1 * * * *",
                "@never",
                "@every soon",
                "TZ=UTC 0 0 * * *",
                "*/0 * * * *",
                "a * * * *"
            })
    void refusesWhatIsNone(String text) {
        assertThatThrownBy(() -> CronSchedule.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
