package dev.weft.control.compile;

import dev.weft.control.declared.AnnotationValues;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.StrictTransport;
import dev.weft.resources.emissary.Host;
import java.util.ArrayList;
import java.util.List;

/** Which hosts tell browsers to ask them by TLS alone: annotations of Hosts (RFC 6797). */
final class StrictTransports {

    private static final String MAX_AGE = "hsts.weft.dev/max-age-seconds";
    private static final String SUBDOMAINS = "hsts.weft.dev/include-subdomains";
    private static final String PRELOAD = "hsts.weft.dev/preload";

    private static final int TEN_YEARS_SECONDS = 315_360_000;
    private static final int YEAR_SECONDS = 31_536_000;

    private StrictTransports() {}

    /** One for each host, as soon as one says something. */
    static List<StrictTransport> of(EdgeHosts hosts, Findings findings) {
        List<StrictTransport> all = new ArrayList<>();
        for (Declared<Host> host : hosts.all()) {
            all.add(new StrictTransport(host.value().orElseThrow().hostname(), value(host, findings)));
        }
        return all.stream().allMatch(each -> each.value().isEmpty()) ? List.of() : all;
    }

    private static String value(Declared<Host> host, Findings findings) {
        AnnotationValues values = new AnnotationValues(host, findings);
        values.unknown(List.of("hsts.weft.dev/"), List.of(MAX_AGE, SUBDOMAINS, PRELOAD));
        int seconds = values.integer(MAX_AGE, -1, 0, TEN_YEARS_SECONDS);
        boolean subdomains = values.flag(SUBDOMAINS).orElse(false);
        boolean preload = values.flag(PRELOAD).orElse(false);
        if (seconds < 0) {
            return "";
        }
        if (local(host.value().orElseThrow().hostname())) {
            values.wrong(
                    MAX_AGE,
                    "would have browsers of this machine ask other programs on this name by TLS too",
                    "Remove it; browsers remember it for a name, whatever the port.");
            return "";
        }
        if (preload && (!subdomains || seconds < YEAR_SECONDS)) {
            values.wrong(
                    PRELOAD,
                    "is taken by browsers' lists only with subdomains and a year at least",
                    "Write " + SUBDOMAINS + ": \"true\" and " + MAX_AGE + ": \"63072000\".");
            preload = false;
        }
        return "max-age=" + seconds + (subdomains ? "; includeSubDomains" : "") + (preload ? "; preload" : "");
    }

    /** Names that mean this machine, or one without a name. */
    private static boolean local(String hostname) {
        return hostname.equals("localhost")
                || hostname.endsWith(".localhost")
                || hostname.endsWith(".local")
                || hostname.matches("[0-9.]+|.*:.*");
    }
}
