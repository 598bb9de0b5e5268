package dev.weft.control.tls;

import dev.weft.control.declared.Findings;
import dev.weft.resources.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

/** Warns of what has ended, and of what somebody should look at before it does. */
final class Ends {

    private static final Duration SOON = Duration.ofDays(21);

    private final Findings findings;
    private final Instant now;

    Ends(Findings findings, Instant now) {
        this.findings = findings;
        this.now = now;
    }

    /**
     * Warns, if it is time to.
     *
     * @param what completes "… that ends on DAY"
     * @param then what comes of it
     */
    void look(Key said, String field, String what, Instant end, String then) {
        if (!end.isBefore(now.plus(SOON))) {
            return;
        }
        String day = end.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        if (!end.isAfter(now)) {
            findings.warning(
                    said,
                    field,
                    "CertificateEnded",
                    what + " that ended on " + day + ": " + then + ".",
                    "Put a new one in; the edge shows it at once.");
        } else {
            findings.warning(
                    said,
                    field,
                    "CertificateEndsSoon",
                    what + " that ends on " + day + ", in less than " + SOON.toDays() + " days; then " + then + ".",
                    "Put a new one in; the edge shows it at once, and no connection is lost.");
        }
    }
}
