package dev.weft.catalog.metrics;

import dev.weft.model.outcome.Attempt;
import dev.weft.model.outcome.ErrorCode;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.outcome.Peer;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import dev.weft.model.workload.WorkloadIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The cells that one thread used lately, found by what a request shares with the one before: parts of the snapshot, which
 * are compared by identity, and what the two ends proved to be. A request like an earlier one finds its cells without
 * making a key of labels. What is not here is looked up in the {@link Counters}, so forgetting costs time and nothing
 * else. Belongs to one thread.
 */
final class KnownCells {

    private static final int SLOTS = 1024;
    private static final int PROBES = 4;

    private final KnownRequest[] requests = new KnownRequest[SLOTS];
    private final KnownTry[] tries = new KnownTry[SLOTS];

    /**
     * A kind of request.
     *
     * @param inbound its cell as seen from the called side; empty where it is not counted so
     * @param outbound the same from the calling side
     */
    record KnownRequest(
            Hop hop,
            Workload reporter,
            String frontend,
            String rule,
            @Nullable ServicePort service,
            @Nullable Endpoint endpoint,
            @Nullable WorkloadIdentity client,
            boolean clientSecured,
            @Nullable WorkloadIdentity server,
            boolean serverSecured,
            String clientKeyExchange,
            String serverKeyExchange,
            int status,
            int grpcStatus,
            @Nullable ErrorCode error,
            @Nullable Cell inbound,
            @Nullable Cell outbound) {

        @SuppressWarnings("ReferenceEquality") // another object with equal parts is only looked up anew
        private boolean covers(Outcome outcome) {
            return hop == outcome.hop()
                    && status == outcome.status()
                    && grpcStatus == outcome.details().grpcStatus()
                    && reporter == outcome.reporter()
                    && frontend.equals(outcome.frontend())
                    && rule.equals(outcome.rule())
                    && service == outcome.service().orElse(null)
                    && endpoint == lastEndpoint(outcome)
                    && error == outcome.error().orElse(null)
                    && clientSecured == outcome.client().secured()
                    && clientKeyExchange.equals(outcome.client().keyExchange())
                    && same(client, outcome.client().identity().orElse(null))
                    && coversServer(outcome.server().orElse(null));
        }

        private boolean coversServer(@Nullable Peer peer) {
            return peer == null
                    ? server == null && !serverSecured
                    : serverSecured == peer.secured()
                            && serverKeyExchange.equals(peer.keyExchange())
                            && same(server, peer.identity().orElse(null));
        }
    }

    /** A kind of try. */
    record KnownTry(
            Workload reporter,
            String frontend,
            String rule,
            @Nullable ServicePort service,
            ServicePort tried,
            Endpoint endpoint,
            int status,
            @Nullable ErrorCode error,
            Cell cell) {

        @SuppressWarnings("ReferenceEquality") // another object with equal parts is only looked up anew
        private boolean covers(Outcome outcome, Attempt attempt) {
            return status == attempt.status()
                    && endpoint == attempt.endpoint()
                    && tried == attempt.servicePort()
                    && reporter == outcome.reporter()
                    && service == outcome.service().orElse(null)
                    && error == attempt.error().orElse(null)
                    && frontend.equals(outcome.frontend())
                    && rule.equals(outcome.rule());
        }
    }

    @Nullable
    KnownRequest find(Outcome outcome) {
        int slot = slot(outcome);
        for (int i = 0; i < PROBES; i++) {
            KnownRequest known = requests[(slot + i) & (SLOTS - 1)];
            if (known != null && known.covers(outcome)) {
                return known;
            }
        }
        return null;
    }

    KnownRequest keep(Outcome outcome, @Nullable Cell inbound, @Nullable Cell outbound) {
        Peer server = outcome.server().orElse(null);
        KnownRequest known = new KnownRequest(
                outcome.hop(),
                outcome.reporter(),
                outcome.frontend(),
                outcome.rule(),
                outcome.service().orElse(null),
                lastEndpoint(outcome),
                outcome.client().identity().orElse(null),
                outcome.client().secured(),
                server == null ? null : server.identity().orElse(null),
                server != null && server.secured(),
                outcome.client().keyExchange(),
                server == null ? "" : server.keyExchange(),
                outcome.status(),
                outcome.details().grpcStatus(),
                outcome.error().orElse(null),
                inbound,
                outbound);
        requests[free(requests, slot(outcome))] = known;
        return known;
    }

    @Nullable
    Cell find(Outcome outcome, Attempt attempt) {
        int slot = slot(outcome, attempt);
        for (int i = 0; i < PROBES; i++) {
            KnownTry known = tries[(slot + i) & (SLOTS - 1)];
            if (known != null && known.covers(outcome, attempt)) {
                return known.cell;
            }
        }
        return null;
    }

    void keep(Outcome outcome, Attempt attempt, Cell cell) {
        tries[free(tries, slot(outcome, attempt))] = new KnownTry(
                outcome.reporter(),
                outcome.frontend(),
                outcome.rule(),
                outcome.service().orElse(null),
                attempt.servicePort(),
                attempt.endpoint(),
                attempt.status(),
                attempt.error().orElse(null),
                cell);
    }

    /** The first free slot of those that are looked into, or one of them in turn. */
    private static int free(@Nullable Object[] table, int slot) {
        for (int i = 0; i < PROBES; i++) {
            int at = (slot + i) & (SLOTS - 1);
            if (table[at] == null) {
                return at;
            }
        }
        Object oldest = table[slot];
        for (int i = 0; i < PROBES - 1; i++) {
            table[(slot + i) & (SLOTS - 1)] = table[(slot + i + 1) & (SLOTS - 1)];
        }
        int last = (slot + PROBES - 1) & (SLOTS - 1);
        table[last] = oldest;
        return last;
    }

    private static int slot(Outcome outcome) {
        int hash = System.identityHashCode(outcome.reporter())
                + 31 * outcome.frontend().hashCode();
        hash = 31 * hash + outcome.rule().hashCode();
        hash = 31 * hash + System.identityHashCode(lastEndpoint(outcome));
        hash = 31 * hash
                + outcome.status()
                + (outcome.error().isPresent() ? outcome.error().get().hashCode() : 0);
        WorkloadIdentity client = outcome.client().identity().orElse(null);
        return spread(
                client == null ? hash : 31 * hash + client.serviceAccount().hashCode());
    }

    private static int slot(Outcome outcome, Attempt attempt) {
        int hash = System.identityHashCode(outcome.reporter())
                + 31 * outcome.frontend().hashCode();
        hash = 31 * hash + outcome.rule().hashCode();
        hash = 31 * hash + System.identityHashCode(attempt.endpoint());
        int error = attempt.error().isPresent() ? attempt.error().get().hashCode() : 0;
        return spread(31 * hash + attempt.status() + error);
    }

    private static int spread(int hash) {
        return ((hash * 0x9E3779B9) >>> 16) & (SLOTS - 1);
    }

    private static @Nullable Endpoint lastEndpoint(Outcome outcome) {
        return outcome.attempts().isEmpty()
                ? null
                : outcome.attempts().getLast().endpoint();
    }

    private static boolean same(@Nullable WorkloadIdentity one, @Nullable WorkloadIdentity other) {
        return one == null ? other == null : one.equals(other);
    }
}
