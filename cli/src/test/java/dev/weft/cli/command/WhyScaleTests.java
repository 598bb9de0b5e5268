package dev.weft.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What a person reads of a service's scale. */
final class WhyScaleTests {

    @Test
    void tellsTheReasonTheSettingsTheChangesAndTheColdStarts() {
        String text = WhyScale.text(new JsonMapper().readTree("""
                {"revisions": [{"revision": "hello-00001", "wanted": 1, "ready": 1, "inFlight": 3,
                  "why": "concurrency 3.00 stable, 3.00 panic, target 70.00 an instance, 1 ready: 1 wanted",
                  "settings": {"metric": "concurrency", "capacity": 100.0, "target": 70.0, "window": "60s",
                    "panicWindow": "6s", "minScale": 0, "maxScale": 10},
                  "changes": [{"at": "2026-01-01T00:00:00Z", "from": 0, "to": 1, "why": "somebody waits"}],
                  "coldStarts": [{"at": "2026-01-01T00:00:00Z", "requests": 3, "decideMillis": 1, "podMillis": 2,
                    "processMillis": 4, "readyMillis": 9, "totalMillis": 10}],
                  "processes": [
                    {"at": "2026-01-01T00:00:01Z", "pod": "hello-2", "spare": true, "micros": 2100, "why": ""},
                    {"at": "2026-01-01T00:00:00Z", "pod": "hello-1", "spare": false, "micros": 9000,
                     "why": "no spare was parked"}]}]}
                """));

        assertThat(text).isEqualTo("""
                hello-00001: 1 wanted, 1 ready, 3 requests in flight
                  why       concurrency 3.00 stable, 3.00 panic, target 70.00 an instance, 1 ready: 1 wanted
                  settings  concurrency, target 70.0 of 100.0 an instance, window 60s, panic window 6s, scale 0 to 10
                  AT                     FROM   TO   WHY
                  2026-01-01T00:00:00Z   0      1    somebody waits
                  COLD START AT          REQUESTS   DECIDED   POD   PROCESS   READY   ANSWERED   FAILED
                  2026-01-01T00:00:00Z   3          1         2     4         9       10
                  PROCESS AT             POD       FROM    MS    WHY
                  2026-01-01T00:00:01Z   hello-2   spare   2.1
                  2026-01-01T00:00:00Z   hello-1   fresh   9.0   no spare was parked
                """);
    }

    @Test
    void saysThatNothingIsDecidedYet() {
        assertThat(WhyScale.text(new JsonMapper().readTree("{\"revisions\": []}")))
                .isEqualTo("nothing is decided yet\n");
    }
}
