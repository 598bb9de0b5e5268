package dev.weft.control.status;

import dev.weft.control.acme.Progress;
import dev.weft.control.acme.Progress.Setback;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** What a Host's status says of a certificate that an authority is asked for, in Edge Stack's fields. */
final class HostStatus {

    private static final List<String> FIELDS =
            List.of("phaseCompleted", "phasePending", "tlsCertificateSource", "errorTimestamp", "errorBackoff");

    private HostStatus() {}

    /** @param good whether the Host itself is accepted; what is wrong with it is more than what its certificate lacks */
    static void put(ObjectNode status, Optional<Progress> progress, boolean good) {
        status.remove(FIELDS);
        if (progress.isEmpty()) {
            return;
        }
        Progress now = progress.get();
        status.put("phaseCompleted", now.completed().word());
        status.put("phasePending", now.pending().word());
        status.put("tlsCertificateSource", now.source());
        if (good) {
            status.put("state", now.state().word());
            now.setback().ifPresent(setback -> status.put("errorReason", setback.reason()));
        }
        now.setback().filter(setback -> setback.backOff().isPositive()).ifPresent(setback -> put(status, setback));
    }

    private static void put(ObjectNode status, Setback setback) {
        Duration wait = setback.backOff();
        status.put("errorTimestamp", setback.at().toString());
        status.put("errorBackoff", wait.toSeconds() + "s");
    }
}
