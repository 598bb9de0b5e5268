package dev.weft.catalog.topology;

import dev.weft.catalog.metrics.Golden;
import dev.weft.catalog.metrics.Sums;
import dev.weft.catalog.metrics.Traffic;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A link while it is put together. */
final class LinkDraft {

    private static final int FORBIDDEN = 403;

    private final Set<String> clientIds = new TreeSet<>();
    private final Set<String> serverIds = new TreeSet<>();
    private Optional<Double> weight = Optional.empty();
    private boolean declared;
    private boolean observed;
    private long tls;
    private long clear;
    private long refused;
    private Golden golden;

    LinkDraft(double seconds) {
        golden = Golden.none(seconds);
    }

    void declare(Optional<Double> share) {
        declared = true;
        if (weight.isEmpty()) {
            weight = share;
        }
    }

    /** Something went this way, ever. */
    void observe(Traffic series, Sums sums) {
        if (series.tls()) {
            tls += sums.count();
        } else if (series.status() != 0 && series.error().isEmpty()) {
            clear += sums.count();
        }
        if (!series.serverId().isEmpty()) {
            serverIds.add(series.serverId());
        }
        if (!series.clientId().isEmpty()) {
            clientIds.add(series.clientId());
        }
        observed = true;
    }

    void clientId(String identity) {
        clientIds.add(identity);
    }

    /** Something went this way in the window. */
    void count(Traffic series, Sums sums) {
        golden = golden.plus(Golden.of(series.success(), sums, golden.seconds()));
        refused += series.status() == FORBIDDEN ? sums.count() : 0;
    }

    Link link(String from, String to) {
        Link.Security security = Link.Security.UNKNOWN;
        if (tls > 0) {
            security = clear > 0 ? Link.Security.MIXED : Link.Security.TLS;
        } else if (clear > 0) {
            security = Link.Security.CLEAR;
        }
        return new Link(from, to, weight, declared, observed, security, clientIds, serverIds, golden, refused);
    }
}
