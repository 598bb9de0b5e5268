package dev.weft.control.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a Host's certificate is, in the words of Edge Stack's statuses.
 *
 * @param completed the last step that is done
 * @param pending the step that is next, or under way
 * @param fromAuthority whether the certificate that is there came from the authority; empty where there is none
 * @param reason one word for people's tools
 * @param message for people
 */
public record Progress(
        State state,
        Phase completed,
        Phase pending,
        Optional<Boolean> fromAuthority,
        Optional<Setback> setback,
        String reason,
        String message) {

    public enum State {
        INITIAL("Initial"),
        PENDING("Pending"),
        READY("Ready"),
        ERROR("Error");

        private final String word;

        State(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public enum Phase {
        NOTHING("NA"),
        DEFAULTS("DefaultsFilled"),
        ACCOUNT_KEY("ACMEUserPrivateKeyCreated"),
        ACCOUNT("ACMEUserRegistered"),
        CHALLENGE("ACMECertificateChallenge");

        private final String word;

        Phase(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /**
     * What went wrong.
     *
     * @param backOff from {@code at} on, until it is tried again
     */
    public record Setback(String reason, Instant at, Duration backOff) {

        Instant over() {
            return at.plus(backOff);
        }
    }

    /** {@code None}, {@code Other} or {@code ACME}. */
    public String source() {
        return fromAuthority.map(authority -> authority ? "ACME" : "Other").orElse("None");
    }

    static Progress underWay(Phase completed, Phase pending, Optional<Boolean> fromAuthority, String message) {
        State state = completed == Phase.DEFAULTS ? State.INITIAL : State.PENDING;
        return new Progress(state, completed, pending, fromAuthority, Optional.empty(), "Pending", message);
    }

    static Progress ready(boolean fromAuthority, String message) {
        return new Progress(
                State.READY,
                fromAuthority ? Phase.CHALLENGE : Phase.NOTHING,
                Phase.NOTHING,
                Optional.of(fromAuthority),
                Optional.empty(),
                fromAuthority ? "Issued" : "NotIssuedHere",
                message);
    }

    static Progress failed(Setback setback, Phase pending, Optional<Boolean> fromAuthority, String message) {
        return new Progress(
                State.ERROR, Phase.NOTHING, pending, fromAuthority, Optional.of(setback), "Failed", message);
    }
}
