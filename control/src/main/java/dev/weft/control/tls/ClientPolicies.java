package dev.weft.control.tls;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.TlsPolicy;
import dev.weft.model.traffic.TlsPolicy.Clients;
import dev.weft.model.traffic.TlsPolicy.Version;
import dev.weft.resources.Key;
import dev.weft.resources.Kinds;
import dev.weft.resources.core.Secret;
import dev.weft.resources.emissary.Host.SecretReference;
import dev.weft.resources.emissary.TlsSettings;
import java.time.Instant;
import java.util.Optional;

/** What is asked of a host's clients. Where that is wrong, nobody is let in, so that nobody is who should not be. */
final class ClientPolicies {

    private final Declarations declarations;
    private final TlsSecrets secrets;
    private final Ends ends;
    private final Findings findings;

    ClientPolicies(Declarations declarations, TlsSecrets secrets, Ends ends, Findings findings) {
        this.ends = ends;
        this.declarations = declarations;
        this.secrets = secrets;
        this.findings = findings;
    }

    /**
     * Finds out.
     *
     * @param said the resource that says so, and is to be told what is wrong
     * @param field where in it
     */
    TlsPolicy policy(Key said, String field, TlsSettings settings) {
        if (settings.unreadable()) {
            return closed(
                    said,
                    field,
                    "NotSupportedYet",
                    "files of Emissary's container are not read here",
                    "Put the PEM text into a Secret, and write ca_secret (crl_secret).");
        }
        Optional<String> authorities = settings.authorities().flatMap(each -> authorities(said, field, each));
        Optional<String> revoked = settings.revocations().flatMap(each -> revoked(said, field, each));
        boolean missing = authorities.isPresent() != settings.authorities().isPresent()
                || revoked.isPresent() != settings.revocations().isPresent();
        if (missing) {
            return TlsPolicy.CLOSED; // which has been told
        }
        boolean required = settings.required().orElseGet(() -> requiredBySecret(settings));
        if (authorities.isEmpty() && (required || revoked.isPresent())) {
            return closed(
                    said,
                    field,
                    "AuthoritiesMissing",
                    "certificates are asked of clients, but not whose",
                    "Write ca_secret with the name of a Secret whose tls.crt is the authorities' certificates.");
        }
        Clients clients = authorities.isEmpty() ? Clients.ANYONE : required ? Clients.REQUIRED : Clients.ASKED;
        return new TlsPolicy(
                clients,
                authorities.orElse(""),
                revoked.orElse(""),
                version(settings.least()),
                version(settings.most()),
                settings.ciphers(),
                settings.protocols());
    }

    /** Emissary lets the Secret of the authorities say it. */
    private boolean requiredBySecret(TlsSettings settings) {
        return settings.authorities()
                .flatMap(this::secret)
                .flatMap(secret -> secret.value("cert_required"))
                .filter(text -> text.strip().equals("true"))
                .isPresent();
    }

    private Optional<String> authorities(Key said, String field, SecretReference reference) {
        return checked(said, field + ".ca_secret", reference, secret -> secrets.authorities(secret), "an authority");
    }

    private Optional<String> revoked(Key said, String field, SecretReference reference) {
        return checked(said, field + ".crl_secret", reference, secret -> secrets.revoked(secret), "a list");
    }

    private interface Check {
        TlsSecrets.Text check(Secret secret);
    }

    private Optional<String> checked(Key said, String field, SecretReference reference, Check check, String what) {
        String name = "Secret " + reference.namespace() + "/" + reference.name();
        Optional<Secret> secret = secret(reference);
        if (secret.isEmpty()) {
            closed(said, field, "SecretNotFound", name + " does not exist or cannot be read", "Create it, or mend it.");
            return Optional.empty();
        }
        return switch (check.check(secret.get())) {
            case TlsSecrets.Text.Usable(String pem, Instant end) -> {
                ends.look(said, field, name + " holds " + what, end, "clients whom it is for are refused");
                yield Optional.of(pem);
            }
            case TlsSecrets.Text.Unusable(String reason, String remedy) -> {
                closed(said, field, "SecretInvalid", name + " " + reason, remedy);
                yield Optional.empty();
            }
        };
    }

    private Optional<Secret> secret(SecretReference reference) {
        return declarations.find(Kinds.SECRET.key(reference.namespace(), reference.name()), Secret.class);
    }

    private TlsPolicy closed(Key said, String field, String reason, String problem, String remedy) {
        findings.error(said, field, reason, problem + ", so nobody is let in.", remedy);
        return TlsPolicy.CLOSED;
    }

    private static Version version(String text) {
        return text.equals("v1.3") ? Version.TLS_1_3 : Version.TLS_1_2;
    }
}
