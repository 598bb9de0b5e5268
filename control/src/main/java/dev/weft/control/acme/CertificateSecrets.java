package dev.weft.control.acme;

import dev.weft.control.identity.Keys;
import dev.weft.resources.Key;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The Secrets with certificates. One that was not written here is never written over. */
public final class CertificateSecrets {

    /** The authority whose certificate a Secret holds; what has it is kept here. */
    static final String AUTHORITY = "weft.dev/acme-authority";

    private static final String CHALLENGE = "weft.dev/acme-challenge";
    private static final int DNS_NAME = 2;
    private static final int TRIES = 3;

    private final ResourceStore store;

    CertificateSecrets(ResourceStore store) {
        this.store = store;
    }

    /** What is there. */
    sealed interface Found {

        record Nothing() implements Found {}

        /** Somebody else's, or somebody has changed its mark. */
        record Foreign() implements Found {}

        /**
         * Kept here.
         *
         * @param current whether it is for the name, by the authority that is asked
         * @param by what the edge answered the authority's question with
         */
        record Kept(boolean current, Instant begins, Instant ends, String by) implements Found {

            /** When a third of its life is left. */
            Instant renewal() {
                return ends.minus(Duration.between(begins, ends).dividedBy(3));
            }
        }
    }

    /** Whether this Secret is written here. */
    public static boolean kept(Resource secret) {
        return secret.annotations().containsKey(AUTHORITY);
    }

    Found find(Wanted wanted) {
        Optional<Resource> there = store.get(wanted.secret());
        if (there.isEmpty()) {
            return new Found.Nothing();
        }
        if (!kept(there.get())) {
            return new Found.Foreign();
        }
        Optional<X509Certificate> leaf = leaf(there.get());
        boolean byAuthority =
                wanted.authority().toString().equals(there.get().annotations().get(AUTHORITY));
        return leaf.<Found>map(certificate -> new Found.Kept(
                        byAuthority && names(certificate).anyMatch(wanted.hostname()::equalsIgnoreCase),
                        certificate.getNotBefore().toInstant(),
                        certificate.getNotAfter().toInstant(),
                        there.get().annotations().getOrDefault(CHALLENGE, "some challenge")))
                .orElse(new Found.Kept(false, Instant.EPOCH, Instant.EPOCH, ""));
    }

    private static Optional<X509Certificate> leaf(Resource resource) {
        try {
            Optional<Secret> secret = Secret.read(resource).value();
            String chain = secret.flatMap(read -> read.value("tls.crt")).orElse("");
            String key = secret.flatMap(read -> read.value("tls.key")).orElse("");
            return key.isEmpty()
                    ? Optional.empty()
                    : Keys.certificates(chain).stream().findFirst();
        } catch (GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    private static Stream<String> names(X509Certificate certificate) {
        try {
            var names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? Stream.empty()
                    : names.stream()
                            .filter(name -> Integer.valueOf(DNS_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)));
        } catch (GeneralSecurityException _) {
            return Stream.empty();
        }
    }

    /**
     * Keeps a new certificate.
     *
     * @throws RefusedException with {@code CONFLICT} when the Secret has become somebody else's meanwhile
     */
    void write(Wanted wanted, CertificateOrder.Issued issued) {
        for (int tries = 1; ; tries++) {
            Optional<Resource> there = store.get(wanted.secret());
            if (there.isPresent() && !kept(there.get())) {
                throw new RefusedException(
                        RefusedException.Reason.CONFLICT,
                        wanted.secret() + " was written by somebody else meanwhile.",
                        List.of());
            }
            Resource next = with(there.orElseGet(() -> Resource.of(wanted.secret())), wanted, issued);
            try {
                var _ = there.isPresent() ? store.update(next) : store.create(next);
                return;
            } catch (RefusedException e) {
                boolean raced = e.reason() == RefusedException.Reason.CONFLICT
                        || e.reason() == RefusedException.Reason.ALREADY_EXISTS
                        || e.reason() == RefusedException.Reason.NOT_FOUND;
                if (!raced || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private static Resource with(Resource before, Wanted wanted, CertificateOrder.Issued issued) {
        ObjectNode json = before.edit();
        json.put("type", Secret.TLS);
        json.withObject("/metadata/annotations")
                .put(AUTHORITY, wanted.authority().toString())
                .put(CHALLENGE, issued.by());
        ObjectNode data = json.withObject("/data");
        data.put("tls.crt", encoded(Keys.pem(issued.chain())));
        data.put("tls.key", encoded(Keys.pem(issued.keys().getPrivate())));
        return new Resource(before.kind(), json);
    }

    static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A text of a Secret; empty when there is none. */
    Optional<String> text(Key secret, String... names) {
        Optional<Secret> read =
                store.get(secret).flatMap(found -> Secret.read(found).value());
        return Stream.of(names)
                .flatMap(name -> read.flatMap(found -> found.value(name)).stream())
                .findFirst();
    }
}
