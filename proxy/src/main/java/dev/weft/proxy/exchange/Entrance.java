package dev.weft.proxy.exchange;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Credentials.TrustedPeers;
import dev.weft.http.transport.Destination;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Hop;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.workload.Workload;
import dev.weft.proxy.carrier.StreamPool;
import dev.weft.proxy.message.Accepted;
import dev.weft.proxy.message.Counting;
import dev.weft.proxy.network.PodNetwork;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one listener means: which stack its requests pass, for whom, and, inbound, the one endpoint that they are for.
 * Owner of each {@link Share}: the worker with that number.
 */
public final class Entrance {

    private static final int STREAMS_WAITING_AT_A_PROGRAM = 32;

    private final Hop hop;
    private final String name;
    private final Workload reporter;
    private final boolean secured;
    private final Stations stations;
    private final Optional<ClientTls> identity;
    private final Optional<Inbound> inbound;
    private final Optional<ServicePort> outlet;
    private final Share[] shares;
    private final Optional<Entrance> origin;
    private final Optional<Steering> steering;
    private volatile boolean retired;

    /**
     * Where an inbound listener leads.
     *
     * @param application the program
     * @param servicePort how its tries are named in outcomes
     * @param pod {@code namespace/name}
     * @param network of the pod, where it has one to itself: there the program is reached
     */
    public record Inbound(Endpoint application, ServicePort servicePort, String pod, Optional<PodNetwork> network) {

        /** In this process's own network. */
        public Inbound(Endpoint application, ServicePort servicePort, String pod) {
            this(application, servicePort, pod, Optional.empty());
        }
    }

    /**
     * What becomes of connections that were meant for other addresses.
     *
     * @param service for requests to a service's address
     * @param pod for requests to a pod's
     */
    public record Steering(PodNetwork network, Stations service, Stations pod) {}

    /** What one worker has of this entrance: its connections, and where it connects to from here. */
    static final class Share {
        final Set<Accepted> connections = new HashSet<>();
        final Map<Endpoint, Destination> destinations = new HashMap<>();
        int requests;
        final Map<Endpoint, StreamPool> streams = new HashMap<>();
    }

    /**
     * Describes an entrance; nothing is bound.
     *
     * @param name the listener's, for tables
     * @param reporter whose proxy this is
     * @param secured whether clients speak TLS
     * @param identity as whom it connects into the mesh; empty where it never does
     * @param inbound present for {@link Hop#INBOUND} alone
     * @param outlet where all that comes in here goes, whatever it says; for {@link Hop#OUTBOUND}
     * @param steering present for a pod's way out, where the pod has a network to itself
     */
    public Entrance(
            Hop hop,
            String name,
            Workload reporter,
            boolean secured,
            Stations stations,
            Optional<ClientTls> identity,
            Optional<Inbound> inbound,
            Optional<ServicePort> outlet,
            Optional<Steering> steering,
            int workers) {
        this.steering = steering;
        this.hop = hop;
        this.name = name;
        this.reporter = reporter;
        this.secured = secured;
        this.stations = stations;
        this.identity = identity;
        this.inbound = inbound;
        this.outlet = outlet;
        this.origin = Optional.empty();
        this.shares = new Share[workers];
        for (int i = 0; i < workers; i++) {
            shares[i] = new Share();
        }
    }

    private Entrance(Entrance origin, Optional<ServicePort> outlet, Optional<Inbound> inbound, Stations stations) {
        this.hop = origin.hop;
        this.name = origin.name;
        this.reporter = origin.reporter;
        this.secured = origin.secured;
        this.stations = stations;
        this.identity = origin.identity;
        this.inbound = inbound;
        this.outlet = outlet;
        this.origin = Optional.of(origin);
        this.steering = origin.steering;
        this.shares = origin.shares;
    }

    /** The same entrance, for a client that asked for this service port alone: all that it says goes there. */
    public Entrance to(ServicePort only, Stations through) {
        return new Entrance(this, Optional.of(only), inbound, through);
    }

    /** The same entrance, for a client that asked for this pod alone. */
    public Entrance to(Inbound only, Stations through) {
        return new Entrance(this, outlet, Optional.of(only), through);
    }

    /** From any thread: whoever comes from now on is served, and told not to come again. */
    public void retire() {
        retired = true;
    }

    /** Whether clients are to be told not to come again. */
    public boolean retired() {
        return origin.map(Entrance::retired).orElse(retired);
    }

    /** On the worker's loop: lets requests end and closes what is idle. */
    public void leave(Worker worker) {
        Set.copyOf(share(worker).connections).forEach(Accepted::leave);
        closeIdle(worker);
    }

    /** On the worker's loop: ends what clients ask whose certificates were revoked: whoever has their keys may be anybody. */
    void revoke(Worker worker, TrustedPeers trusted) {
        for (Accepted client : Set.copyOf(share(worker).connections)) {
            client.tls().filter(trusted::isRevoked).flatMap(trusted::refusal).ifPresent(client::distrust);
        }
    }

    /** On the worker's loop: requests and opaque streams under way that came in here. */
    public int requests(Worker worker) {
        return share(worker).requests;
    }

    /** On the worker's loop: lets go of the clients whose certificates have ended. */
    void expire(Worker worker, long nowMillis) {
        Set.copyOf(share(worker).connections).stream()
                .filter(client -> client.expired(nowMillis))
                .forEach(Accepted::leave);
    }

    /** On the worker's loop: drops connections to endpoints that are gone. */
    void retain(Worker worker, Set<Endpoint> endpoints) {
        share(worker).destinations.entrySet().removeIf(entry -> {
            boolean gone = inbound.isEmpty() && !endpoints.contains(entry.getKey());
            if (gone) {
                entry.getValue().retire();
            }
            return gone;
        });
        share(worker).streams.entrySet().removeIf(entry -> {
            boolean gone = inbound.isEmpty() && !endpoints.contains(entry.getKey());
            if (gone) {
                entry.getValue().leave();
            }
            return gone;
        });
    }

    /** On the worker's loop: closes idle connections, so that the next request makes a new one. */
    void closeIdle(Worker worker) {
        share(worker).destinations.values().forEach(Destination::closeIdle);
        share(worker).streams.values().forEach(StreamPool::leave);
    }

    /** On the worker's loop: a client came. */
    public void remember(Worker worker, Accepted client) {
        share(worker).connections.add(client);
    }

    /** On the worker's loop: a client is gone. */
    public void forget(Worker worker, Accepted client) {
        share(worker).connections.remove(client);
    }

    Share share(Worker worker) {
        return shares[worker.number()];
    }

    Destination destination(Worker worker, Endpoint endpoint) {
        Map<Endpoint, Destination> known = share(worker).destinations;
        Destination destination = known.get(endpoint);
        if (destination == null) {
            destination = newDestination(worker, endpoint, "");
            known.put(endpoint, destination);
        }
        return destination;
    }

    StreamPool streams(Worker worker, Endpoint endpoint) {
        Map<Endpoint, StreamPool> known = share(worker).streams;
        StreamPool pool = known.get(endpoint);
        if (pool == null) {
            String scheme = endpoint.transport() == Endpoint.Transport.PLAIN ? "http" : "https";
            // A program may have cause to take so many at a time; between proxies one call never waits for another's
            // end.
            int waitingAllowed = endpoint.transport() == Endpoint.Transport.MESH ? 0 : STREAMS_WAITING_AT_A_PROGRAM;
            pool = new StreamPool(
                    worker.loop(),
                    newDestination(worker, endpoint, TlsSession.HTTP_2),
                    scheme,
                    () -> worker.view().heads().ofAnswers(hop, endpoint.transport()),
                    waitingAllowed);
            known.put(endpoint, pool);
        }
        return pool;
    }

    private Destination newDestination(Worker worker, Endpoint endpoint, String protocol) {
        return describe(worker, endpoint, protocol)
                .whenMade(made -> Counting.made(worker.outcomes(), made, hop, reporter, endpoint, Optional.empty()));
    }

    private Destination describe(Worker worker, Endpoint endpoint, String protocol) {
        return switch (endpoint.transport()) {
            case MESH ->
                new Destination(
                        endpoint.address(),
                        endpoint.port(),
                        identity,
                        endpoint.workload().map(to -> to.identity().uri()).orElse("nobody"),
                        protocol);
            case PLAIN ->
                new Destination(endpoint.address(), endpoint.port(), Optional.empty(), "")
                        .within(inbound.flatMap(Inbound::network));
            case TLS ->
                new Destination(endpoint.address(), endpoint.port(), Optional.of(worker.outsideTls()), "", protocol);
        };
    }

    public Hop hop() {
        return hop;
    }

    public String name() {
        return name;
    }

    public Workload reporter() {
        return reporter;
    }

    /** Whether clients prove an identity of the mesh. */
    boolean mutual() {
        return hop == Hop.INBOUND;
    }

    public boolean secured() {
        return secured;
    }

    public Optional<Inbound> inbound() {
        return inbound;
    }

    public Optional<ServicePort> outlet() {
        return outlet;
    }

    public Optional<Steering> steering() {
        return steering;
    }

    /** As whom it connects into the mesh. */
    public Optional<ClientTls> identity() {
        return identity;
    }

    Stations stations() {
        return stations;
    }
}
