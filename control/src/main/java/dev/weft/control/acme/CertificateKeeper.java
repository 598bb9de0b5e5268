package dev.weft.control.acme;

import dev.weft.control.acme.CertificateSecrets.Found;
import dev.weft.control.acme.Progress.Phase;
import dev.weft.control.acme.Progress.Setback;
import dev.weft.model.traffic.Snapshot;
import dev.weft.resources.Change;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.Reconciler;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.reading.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the certificates of Hosts that name an authority: asks for what is missing, and for a new one when a third of the old
 * one's life is left. One order for a name, few at a time.
 *
 * <p>Owner of what is decided: the reconciler's thread. {@code failures} and {@code running} are written by the orders'
 * threads too, each for its own name. Nobody is asked anything, and no class of the client is loaded, before a Host names an
 * authority.
 */
public final class CertificateKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateKeeper.class);
    private static final String ALL = "all";
    private static final int AT_ONCE = 4;
    private static final Duration BURST = Duration.ofMillis(50);

    private static final Duration GIVING_UP = Duration.ofSeconds(2);

    /** Clocks are set, and machines sleep. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    private final ResourceStore store;
    private final HostCertificates shown;
    private final Supplier<Snapshot> snapshot;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final AccountKeys accounts;
    private final CertificateSecrets secrets;
    private final CertificateEvents events;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Map<String, UnderWay> running = new ConcurrentHashMap<>();
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();
    private final List<AutoCloseable> watches = new ArrayList<>();
    private final Reconciler<String> looking;
    private volatile Set<Key> watched = Set.of(); // Secrets that matter
    private volatile boolean closing;

    /**
     * The last of a name.
     *
     * @param told whether the authority said how long to wait, which no change of the Host shortens
     * @param handshakeNext what the next order has the edge answer by, where it can: not what failed
     */
    private record Failure(Wanted wanted, int count, Setback setback, boolean told, boolean handshakeNext) {

        boolean holds(Wanted now) {
            return wanted.equals(now) || (told && wanted.authority().equals(now.authority()));
        }
    }

    private record UnderWay(Wanted wanted, Thread order) {}

    private record Group(Wanted first, List<Key> hosts) {}

    /**
     * A keeper that does nothing yet.
     *
     * @param snapshot the newest, for where the edge listens
     */
    public CertificateKeeper(
            ResourceStore store,
            HostCertificates shown,
            Supplier<Snapshot> snapshot,
            InstantSource clock,
            RandomGenerator random) {
        this.store = store;
        this.shown = shown;
        this.snapshot = snapshot;
        this.clock = clock;
        this.random = random;
        this.accounts = new AccountKeys(store);
        this.secrets = new CertificateSecrets(store);
        this.events = new CertificateEvents(store, clock);
        this.looking = new Reconciler<>("weft-certificates", any -> look());
    }

    /** Reads what the statuses say from before; to be called before anybody writes them anew. */
    public void recall() {
        for (Group group : groups()) {
            store.get(group.first.host()).flatMap(CertificateKeeper::setback).ifPresent(setback -> {
                failures.put(
                        group.first.hostname(),
                        new Failure(group.first, BackOff.failures(setback.backOff()), setback, false, false));
                show(group, failed(setback, secrets.find(group.first)));
            });
        }
    }

    private static Optional<Setback> setback(Resource host) {
        Optional<Duration> backOff =
                Durations.parse(host.at("/status/errorBackoff").asString(""));
        try {
            Instant at = Instant.parse(host.at("/status/errorTimestamp").asString(""));
            return backOff.map(
                    wait -> new Setback(host.at("/status/errorReason").asString(""), at, wait));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
    }

    /** Acts from now on. The edge is about to listen, or does. */
    public void start() {
        watches.add(store.watch(Kinds.HOST, _ -> looking.enqueueAfter(ALL, BURST)));
        watches.add(store.watch(Kinds.SECRET, this::changed));
        looking.enqueueAfter(ALL, BURST);
    }

    private void changed(Change change) {
        if (watched.contains(change.resource().key())) {
            looking.enqueueAfter(ALL, BURST);
        }
    }

    /** Ends what is under way without a word to the authority. */
    @Override
    public void close() {
        closing = true;
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (Exception e) {
                LOG.warn("a watch did not close", e);
            }
        }
        looking.close();
        running.values().forEach(it -> it.order.interrupt());
        running.values().forEach(it -> {
            try {
                it.order.join(GIVING_UP);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void look() {
        List<Group> groups = groups();
        Set<String> names = new HashSet<>();
        Set<Key> mattering = new HashSet<>();
        Map<Key, String> taken = new HashMap<>();
        groups.forEach(group -> {
            names.add(group.first.hostname());
            mattering.add(group.first.secret());
            group.first.root().ifPresent(mattering::add);
        });
        watched = Set.copyOf(mattering);
        shown.retain(groups.stream()
                .flatMap(group -> group.hosts.stream())
                .map(Key::reference)
                .toList());
        Instant now = clock.instant(); // a Host that comes back is no reason to ask sooner
        failures.entrySet()
                .removeIf(it -> !names.contains(it.getKey())
                        && !now.isBefore(it.getValue().setback.over()));
        running.forEach((name, it) -> {
            if (!names.contains(name)) {
                it.order.interrupt();
            }
        });
        Duration next = LOOK_AGAIN;
        for (Group group : groups) {
            String other = taken.putIfAbsent(group.first.secret(), group.first.hostname());
            Duration wait = other == null ? decide(group) : refuse(group, other);
            next = wait.compareTo(next) < 0 ? wait : next;
        }
        looking.enqueueAfter(ALL, next);
    }

    /** By name; the oldest Host of each comes first, and others that mean something else are refused elsewhere. */
    private List<Group> groups() {
        Map<String, Group> byName = new TreeMap<>();
        store.list(Kinds.HOST).stream()
                .sorted(Comparator.comparing((Resource host) ->
                                host.at("/metadata/creationTimestamp").asString(""))
                        .thenComparing(Resource::namespace)
                        .thenComparing(Resource::name))
                .flatMap(host -> Wanted.of(host).stream())
                .forEach(wanted -> {
                    Group group = byName.computeIfAbsent(wanted.hostname(), _ -> new Group(wanted, new ArrayList<>()));
                    if (group.first.sharedBy(wanted)) {
                        group.hosts.add(wanted.host());
                    }
                });
        return List.copyOf(byName.values());
    }

    private Duration refuse(Group group, String other) {
        String why = group.first.secret() + " is where the certificate of " + other + " is kept.";
        Setback setback = new Setback(why, Instant.EPOCH, Duration.ZERO);
        show(group, Progress.failed(setback, Phase.DEFAULTS, Optional.empty(), why + " Name another one."));
        return LOOK_AGAIN;
    }

    /** Returns when to look again. */
    private Duration decide(Group group) {
        Wanted wanted = group.first;
        UnderWay underWay = running.get(wanted.hostname());
        if (underWay != null) {
            if (!underWay.wanted.equals(wanted)) {
                underWay.order.interrupt();
            }
            return LOOK_AGAIN; // it has all looked at again when it ends
        }
        Instant now = clock.instant();
        Found found = secrets.find(wanted);
        if (found instanceof Found.Foreign) {
            show(group, Progress.ready(false, wanted.secret() + " was made by somebody else, so nobody is asked."));
            return LOOK_AGAIN;
        }
        if (found instanceof Found.Kept kept && good(kept, now)) {
            failures.remove(wanted.hostname());
            show(group, Progress.ready(true, message(wanted, kept)));
            return Duration.between(now, kept.renewal());
        }
        Failure failure = failures.get(wanted.hostname());
        if (failure != null && failure.holds(wanted) && now.isBefore(failure.setback.over())) {
            show(group, failed(failure.setback, found));
            return Duration.between(now, failure.setback.over());
        }
        begin(group, found);
        return LOOK_AGAIN;
    }

    private static boolean good(Found.Kept kept, Instant now) {
        return kept.current() && now.isBefore(kept.renewal());
    }

    private static String message(Wanted wanted, Found.Kept kept) {
        return "Issued by " + wanted.authority() + " after " + kept.by() + ", good until " + day(kept.ends())
                + ", renewed from " + day(kept.renewal()) + " on.";
    }

    private static String day(Instant moment) {
        return moment.atOffset(ZoneOffset.UTC).toLocalDate().toString();
    }

    private static Progress failed(Setback setback, Found found) {
        String message = setback.reason() + " It is tried again from " + setback.over() + " on.";
        return Progress.failed(setback, Phase.CHALLENGE, fromAuthority(found), message);
    }

    private static Optional<Boolean> fromAuthority(Found found) {
        return switch (found) {
            case Found.Nothing _ -> Optional.empty();
            case Found.Foreign _ -> Optional.of(false);
            case Found.Kept _ -> Optional.of(true);
        };
    }

    private void show(Group group, Progress progress) {
        group.hosts.forEach(host -> shown.show(host.reference(), progress));
    }

    private void begin(Group group, Found found) {
        String name = group.first.hostname();
        Thread order = Thread.ofVirtual().name("weft-certificate " + name).unstarted(() -> {
            try {
                order(group, found);
            } finally {
                running.remove(name);
                if (!closing) {
                    looking.enqueue(ALL);
                }
            }
        });
        running.put(name, new UnderWay(group.first, order));
        order.start();
    }

    private void order(Group group, Found before) {
        Wanted wanted = group.first;
        Failure last = failures.get(wanted.hostname());
        CertificateOrder order = new CertificateOrder(
                wanted,
                last != null && last.handshakeNext,
                accounts,
                secrets,
                shown,
                snapshot,
                (completed, pending, message) ->
                        show(group, Progress.underWay(completed, pending, fromAuthority(before), message)));
        try {
            places.acquire();
            try {
                CertificateOrder.Issued issued = order.run();
                keep(group, before, issued);
            } finally {
                places.release();
            }
        } catch (OrderFailedException e) {
            fail(group, e, order.handshakeNext());
        } catch (RefusedException e) {
            fail(
                    group,
                    new OrderFailedException("the certificate cannot be kept: " + e.getMessage()),
                    order.handshakeNext());
        } catch (InterruptedException _) {
            LOG.debug("the order for {} was given up", wanted.hostname());
        } catch (RuntimeException e) {
            if (closing) {
                return; // the store may be gone
            }
            LOG.warn("the order for {} failed in a way that nobody expected", wanted.hostname(), e);
            fail(group, new OrderFailedException("the order failed: " + e), order.handshakeNext());
        }
    }

    private void keep(Group group, Found before, CertificateOrder.Issued issued) throws OrderFailedException {
        Wanted wanted = group.first;
        secrets.write(wanted, issued);
        Found found = secrets.find(wanted);
        if (!(found instanceof Found.Kept kept && good(kept, clock.instant()))) {
            throw new OrderFailedException("the certificate that came is none for this name, or is due for renewal"
                    + " already by this machine's clock.");
        }
        boolean renewed = before instanceof Found.Kept;
        events.write(wanted.host(), true, renewed ? "CertificateRenewed" : "CertificateIssued", message(wanted, kept));
    }

    private void fail(Group group, OrderFailedException failure, boolean handshakeNext) {
        if (closing) {
            return;
        }
        Wanted wanted = group.first;
        Failure last = failures.get(wanted.hostname());
        int count = last == null || !last.holds(wanted) ? 1 : last.count + 1;
        Duration backOff = BackOff.after(count, failure.first(), failure.told(), random);
        String reason = String.valueOf(failure.getMessage());
        Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
        failures.put(
                wanted.hostname(),
                new Failure(
                        wanted,
                        count,
                        new Setback(reason, now, backOff),
                        !failure.told().isZero(),
                        handshakeNext));
        LOG.warn("no certificate for {}: {} Tried again in {} s", wanted.hostname(), reason, backOff.toSeconds());
        events.write(wanted.host(), false, "CertificateFailed", reason);
    }
}
