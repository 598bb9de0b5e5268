package dev.weft.control.acme;

import dev.weft.control.acme.Progress.Phase;
import dev.weft.control.identity.Keys;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Snapshot;
import java.io.IOException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Authorization;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Order;
import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.Status;
import org.shredzone.acme4j.challenge.Http01Challenge;
import org.shredzone.acme4j.challenge.TlsAlpn01Challenge;
import org.shredzone.acme4j.challenge.TokenChallenge;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeNetworkException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;

/** One order, from the account to the certificate. Blocks, so it has a thread of its own; an interrupt ends it. */
final class CertificateOrder {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Wanted wanted;
    private final AccountKeys accounts;
    private final CertificateSecrets secrets;
    private final HostCertificates shown;
    private final Supplier<Snapshot> snapshot;
    private final Steps steps;
    private boolean handshakeNext;
    private String unsaid = ""; // which no message may repeat

    /** Hears of each step. */
    interface Steps {
        void reached(Phase completed, Phase pending, String message);
    }

    /**
     * What came of it.
     *
     * @param by what the edge answered the authority's question with
     */
    record Issued(List<X509Certificate> chain, KeyPair keys, String by) {}

    /** @param handshakeFirst whether the edge answers by TLS-ALPN-01 rather than by HTTP-01, where it can do both */
    CertificateOrder(
            Wanted wanted,
            boolean handshakeFirst,
            AccountKeys accounts,
            CertificateSecrets secrets,
            HostCertificates shown,
            Supplier<Snapshot> snapshot,
            Steps steps) {
        this.wanted = wanted;
        this.handshakeNext = handshakeFirst;
        this.accounts = accounts;
        this.secrets = secrets;
        this.shown = shown;
        this.snapshot = snapshot;
        this.steps = steps;
    }

    /** What the next order is better begun with, once this has ended. */
    boolean handshakeNext() {
        return handshakeNext;
    }

    Issued run() throws OrderFailedException, InterruptedException {
        steps.reached(Phase.DEFAULTS, Phase.ACCOUNT_KEY, "Account key " + wanted.account() + ".");
        try {
            KeyPair account = accounts.openOrCreate(wanted.account());
            steps.reached(Phase.ACCOUNT_KEY, Phase.ACCOUNT, "Account at " + wanted.authority() + ".");
            try (AuthoritySession session = new AuthoritySession(wanted.authority(), roots())) {
                return order(login(session.session(), account));
            }
        } catch (AcmeNetworkException e) {
            throw new OrderFailedException(
                    wanted.authority() + " cannot be reached: " + reason(e), BackOff.UNREACHED, Duration.ZERO);
        } catch (AcmeRateLimitedException e) {
            throw new OrderFailedException(
                    wanted.authority() + " takes no more for now: " + reason(e),
                    BackOff.REFUSED,
                    e.getRetryAfter().map(CertificateOrder::fromNow).orElse(Duration.ZERO));
        } catch (AcmeException e) {
            throw new OrderFailedException(wanted.authority() + " refuses: " + reason(e));
        } catch (IOException e) {
            throw new OrderFailedException(String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> roots() throws OrderFailedException {
        if (wanted.root().isEmpty()) {
            return Optional.empty();
        }
        Optional<String> pem = secrets.text(wanted.root().get(), "ca.crt", "tls.crt");
        if (pem.isEmpty()) {
            throw new OrderFailedException(
                    wanted.root().get() + ", which the authority is to be trusted by, has no ca.crt.",
                    BackOff.UNREACHED,
                    Duration.ZERO);
        }
        return pem;
    }

    private Login login(Session session, KeyPair account) throws AcmeException, OrderFailedException {
        if (session.getMetadata().isExternalAccountRequired()) {
            throw new OrderFailedException(wanted.authority()
                    + " wants an account that was made elsewhere (external account binding), which is not supported.");
        }
        AccountBuilder builder = new AccountBuilder().agreeToTermsOfService().useKeyPair(account);
        if (!wanted.email().isEmpty()) {
            builder.addEmail(wanted.email());
        }
        return builder.createLogin(session);
    }

    private Issued order(Login login) throws AcmeException, IOException, OrderFailedException, InterruptedException {
        steps.reached(Phase.ACCOUNT, Phase.CHALLENGE, "Order at " + wanted.authority() + ".");
        Order order = login.newOrder().domain(wanted.hostname()).create();
        String by = "what the authority knew from before";
        for (Authorization authorization : order.getAuthorizations()) {
            if (authorization.getStatus() != Status.VALID) {
                by = prove(authorization);
            }
        }
        expect(order.waitUntilReady(PATIENCE), Status.READY, order.getError());
        KeyPair keys = Keys.generate();
        order.execute(keys);
        expect(order.waitForCompletion(PATIENCE), Status.VALID, order.getError());
        return new Issued(order.getCertificate().getCertificateChain(), keys, by);
    }

    /** Returns by which kind of challenge. */
    private String prove(Authorization authorization)
            throws AcmeException, IOException, OrderFailedException, InterruptedException {
        ResourceReference host = wanted.host().reference();
        List<EdgeListener> listeners = snapshot.get().edge().stream()
                .filter(EdgeListener::requests)
                .sorted(Comparator.comparing(listener -> listener.tls() != handshakeNext)) // clear text first, mostly
                .toList();
        for (EdgeListener listener : listeners) {
            Optional<? extends TokenChallenge> offered = listener.tls()
                    ? authorization.findChallenge(TlsAlpn01Challenge.class)
                    : authorization.findChallenge(Http01Challenge.class);
            if (offered.isPresent()) {
                return prove(authorization, offered.get(), listener, host);
            }
        }
        throw new OrderFailedException(
                listeners.isEmpty()
                        ? "no Listener of the edge serves it, so nobody could answer the authority's question."
                        : wanted.authority() + " offers no challenge that a Listener of the edge could answer.",
                BackOff.UNREACHED,
                Duration.ZERO);
    }

    private String prove(
            Authorization authorization, TokenChallenge asked, EdgeListener listener, ResourceReference host)
            throws AcmeException, IOException, OrderFailedException, InterruptedException {
        unsaid = asked.getAuthorization();
        handshakeNext = !listener.tls(); // unless this proves it
        Challenge challenge = switch (asked) {
            case Http01Challenge http ->
                new Challenge.Request(host, wanted.hostname(), http.getToken(), http.getAuthorization());
            case TlsAlpn01Challenge tls -> handshake(tls, host);
            default -> throw new OrderFailedException("a challenge of another kind came");
        };
        shown.begin(challenge);
        try {
            steps.reached(Phase.ACCOUNT, Phase.CHALLENGE, challenge + " at " + wanted.authority() + ".");
            EdgeCheck.await(listener, challenge);
            asked.trigger();
            Status status = authorization.waitForCompletion(PATIENCE);
            asked.fetch();
            expect(status, Status.VALID, asked.getError());
            handshakeNext = listener.tls();
            return listener.tls() ? "TLS-ALPN-01" : "HTTP-01";
        } finally {
            shown.end(wanted.hostname());
        }
    }

    private Challenge handshake(TlsAlpn01Challenge asked, ResourceReference host) {
        KeyPair keys = Keys.generate();
        X509Certificate certificate =
                ChallengeCertificate.of(keys, wanted.hostname(), asked.getAcmeValidation(), Instant.now());
        return new Challenge.Handshake(
                host, wanted.hostname(), Keys.pem(List.of(certificate)), Keys.pem(keys.getPrivate()));
    }

    private void expect(Status status, Status expected, Optional<Problem> problem) throws OrderFailedException {
        boolean done = status == Status.VALID && expected == Status.READY; // it knew it all from before
        if (status != expected && !done) {
            String why = problem.map(each -> each.getDetail().orElseGet(each::toString))
                    .orElse("it is " + status.name().toLowerCase(Locale.ROOT) + " after " + PATIENCE.toMinutes()
                            + " minutes");
            throw new OrderFailedException(wanted.authority() + " refuses: " + said(why));
        }
    }

    private String reason(AcmeException e) {
        return said(e.getCause() instanceof IOException cause ? String.valueOf(cause) : String.valueOf(e.getMessage()));
    }

    /** Authorities like to repeat what they found, or where they looked. */
    private String said(String message) {
        int dot = unsaid.indexOf('.');
        return dot < 0 ? message : message.replace(unsaid, "…").replace(unsaid.substring(0, dot), "…");
    }

    private static Duration fromNow(Instant moment) {
        Duration wait = Duration.between(Instant.now(), moment);
        return wait.isNegative() ? Duration.ZERO : wait;
    }
}
