package dev.weft.proxy.exchange;

import dev.weft.http.transport.ClientTls;
import dev.weft.http.transport.Credentials.TrustedPeers;
import dev.weft.http.transport.Loop;
import dev.weft.http.transport.TlsSession;
import dev.weft.model.outcome.Hop;
import dev.weft.model.outcome.OutcomeListener;
import dev.weft.model.workload.Capacity;
import dev.weft.proxy.balance.Balancers;
import dev.weft.proxy.balance.CircuitBreakers;
import dev.weft.proxy.balance.Gates;
import dev.weft.proxy.balance.HashTables;
import dev.weft.proxy.limit.LimitScopes;
import dev.weft.proxy.limit.Pressure;
import dev.weft.proxy.message.DateText;
import dev.weft.proxy.message.RequestIds;
import dev.weft.proxy.message.Watching;
import dev.weft.proxy.relay.OpenStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** One loop's part of the proxy. Owner: the loop; only {@link #view} and {@link #watching} read what others write. */
public final class Worker {

    private static final int INBOX_BYTES = 64 * 1024;

    /** Several KiB each, made again at every turn by a loop that answers more of them in one than it may keep. */
    private static final int SPARE_EXCHANGES_MAX = 1024;

    private final Loop loop;
    private final Shared shared;
    private final Balancers balancers;
    private final RequestIds requestIds;
    private final DateText date = new DateText();
    private final SplittableRandom random;
    private final Mirroring mirroring = new Mirroring(this);
    private final Deque<Exchange> spare = new ArrayDeque<>();
    private final Set<Entrance> entrances = new HashSet<>();
    private byte[] inbox = new byte[0];
    private int exchanges;
    private final Set<OpenStream> open = new HashSet<>();
    private int streams;
    private Pressure pressure = Pressure.NONE;
    private int removals;
    private TrustedPeers trusted = TrustedPeers.of(List.of());

    /**
     * What all workers share.
     *
     * @param view one volatile read
     * @param watching what is wanted of every request beside its outcome; one volatile read
     * @param outsideTls for endpoints outside the mesh that speak TLS
     */
    public record Shared(
            Supplier<View> view,
            Supplier<Watching> watching,
            Gates gates,
            CircuitBreakers breakers,
            HashTables hashTables,
            LimitScopes limits,
            Capacity capacity,
            OutcomeListener outcomes,
            Supplier<ClientTls> outsideTls) {}

    /** One for each loop, made before the loop has work. */
    public Worker(Loop loop, Shared shared, SplittableRandom random) {
        this.loop = loop;
        this.shared = shared;
        this.balancers = new Balancers(random.split(), loop.number(), shared.breakers(), shared.hashTables());
        this.requestIds = new RequestIds(random.split());
        this.random = random.split();
    }

    public Loop loop() {
        return loop;
    }

    /** Where a session's bytes lie while it reads them; no two read at a time. */
    public byte[] inbox(int length) {
        if (inbox.length < length) {
            inbox = new byte[Math.max(length, INBOX_BYTES)];
        }
        return inbox;
    }

    public int number() {
        return loop.number();
    }

    public View view() {
        return shared.view().get();
    }

    public Watching watching() {
        return shared.watching().get();
    }

    public Balancers balancers() {
        return balancers;
    }

    public Gates gates() {
        return shared.gates();
    }

    public LimitScopes limits() {
        return shared.limits();
    }

    public Capacity capacity() {
        return shared.capacity();
    }

    public OutcomeListener outcomes() {
        return shared.outcomes();
    }

    public ClientTls outsideTls() {
        return shared.outsideTls().get();
    }

    /** Owned by this loop. */
    public SplittableRandom random() {
        return random;
    }

    Mirroring mirroring() {
        return mirroring;
    }

    public RequestIds requestIds() {
        return requestIds;
    }

    /** On the loop: what an answer that is made now says of the time. */
    public String date() {
        return date.at(System.currentTimeMillis());
    }

    /** On the loop: requests may come through here from now on. */
    public void add(Entrance entrance) {
        entrances.add(entrance);
    }

    /** On the loop: nobody comes through here any more; requests that are under way end. */
    public void remove(Entrance entrance) {
        entrances.remove(entrance);
        entrance.leave(this);
    }

    /** On the loop, after a new view: forgets what is gone. */
    public void refresh() {
        View view = view();
        balancers.retain(view.snapshot().groups(), System.nanoTime());
        entrances.forEach(entrance -> entrance.retain(this, view.endpoints()));
        List.copyOf(open).forEach(OpenStream::judge);
    }

    /** On the loop: has the next request of every destination make a new connection. */
    public void closeIdle() {
        entrances.forEach(entrance -> entrance.closeIdle(this));
    }

    /** How short memory is, as this loop was told last. */
    public Pressure pressure() {
        return pressure;
    }

    /** On the loop: memory is so short; what is kept for later is dropped where it is at all. */
    public void press(Pressure now) {
        pressure = now;
        if (now != Pressure.NONE) {
            spare.clear();
            inbox = new byte[0];
            closeIdle();
        }
    }

    /** On the loop: ends what the clients' certificates do not cover any more, each after its request under way. */
    public void expire(long nowMillis) {
        boolean outside = !view().hostPolicies().isEmpty(); // some clients of the edge show certificates
        entrances.stream()
                .filter(entrance -> entrance.mutual() || (outside && entrance.hop() == Hop.EDGE))
                .forEach(entrance -> entrance.expire(this, nowMillis));
        List.copyOf(open).forEach(stream -> stream.expire(nowMillis));
    }

    /**
     * On the loop: has every connection of the mesh made anew, each after its request under way, and ends the streams of whom
     * is trusted no more; whose certificate was revoked, his requests too.
     */
    public void reconnect(TrustedPeers now) {
        removals++;
        trusted = now;
        entrances.forEach(entrance -> entrance.closeIdle(this));
        entrances.stream().filter(Entrance::mutual).forEach(entrance -> {
            entrance.leave(this);
            entrance.revoke(this, now);
        });
        List.copyOf(open).forEach(stream -> stream.review(now));
    }

    /** On the loop: how often somebody was trusted no more. */
    public int removals() {
        return removals;
    }

    /** On the loop: why this peer is not trusted since the last removal; empty when it is. */
    public Optional<String> refusal(TlsSession session) {
        return trusted.refusal(session);
    }

    /** On the loop: bytes flow. */
    public void remember(OpenStream stream) {
        open.add(stream);
    }

    /** On the loop: no more. */
    public void forget(OpenStream stream) {
        open.remove(stream);
    }

    /** Requests and streams under way. */
    public int exchanges() {
        return exchanges + streams;
    }

    /** An opaque stream came in here. */
    public void streamBegan(Entrance entrance) {
        streams++;
        entrance.share(this).requests++;
    }

    /** An opaque stream is over. */
    public void streamEnded(Entrance entrance) {
        streams--;
        entrance.share(this).requests--;
    }

    /** For a request that begins. */
    public Exchange obtain(Client client) {
        exchanges++;
        Exchange exchange = spare.isEmpty() ? new Exchange(this) : spare.removeLast();
        exchange.begin(client);
        client.caller().entrance().share(this).requests++;
        return exchange;
    }

    void release(Exchange exchange) {
        exchanges--;
        exchange.entrance().share(this).requests--;
        if (spare.size() < SPARE_EXCHANGES_MAX && pressure == Pressure.NONE) {
            spare.addLast(exchange);
        }
    }
}
