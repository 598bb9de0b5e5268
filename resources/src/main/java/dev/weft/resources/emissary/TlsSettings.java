package dev.weft.resources.emissary;

import dev.weft.resources.emissary.Host.SecretReference;
import dev.weft.resources.reading.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a host asks of TLS, as a TLSContext or a Host's {@code tls} says it.
 *
 * @param authorities whose {@code tls.crt} vouches for clients' certificates
 * @param revocations whose {@code crl.pem} lists those that are taken back
 * @param required whether clients have to show one; empty where nothing is said
 * @param unreadable whether it names authorities or lists in files of Emissary's container
 * @param least {@code v1.2} or {@code v1.3}
 * @param most likewise
 * @param ciphers of TLS 1.2, the standard's names; empty for the usual ones
 * @param protocols offered within; empty for the usual ones
 */
public record TlsSettings(
        Optional<SecretReference> authorities,
        Optional<SecretReference> revocations,
        Optional<Boolean> required,
        boolean unreadable,
        String least,
        String most,
        List<String> ciphers,
        List<String> protocols) {

    /** That everybody may come in, with what is usual. */
    public static final TlsSettings NONE = new TlsSettings(
            Optional.empty(), Optional.empty(), Optional.empty(), false, "v1.2", "v1.3", List.of(), List.of());

    private static final List<String> VERSIONS = List.of("v1.0", "v1.1", "v1.2", "v1.3");

    /** Those that keep secrecy forward and authenticate what they encrypt; by OpenSSL's names. */
    private static final Map<String, String> CIPHERS = Map.of(
            "ECDHE-ECDSA-AES128-GCM-SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "ECDHE-RSA-AES128-GCM-SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "ECDHE-ECDSA-AES256-GCM-SHA384", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "ECDHE-RSA-AES256-GCM-SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "ECDHE-ECDSA-CHACHA20-POLY1305", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "ECDHE-RSA-CHACHA20-POLY1305", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    public TlsSettings {
        ciphers = List.copyOf(ciphers);
        protocols = List.copyOf(protocols);
    }

    /** Whether clients are asked for certificates, rightly or wrongly. */
    public boolean asks() {
        return unreadable || authorities.isPresent() || revocations.isPresent() || required.orElse(false);
    }

    /**
     * Reads the fields that both have, in both spellings.
     *
     * @param namespace of the secrets that name none
     */
    static TlsSettings read(Fields tls, String namespace) {
        boolean dots = tls.flag(either(tls, "secret_namespacing", "secretNamespacing"), true);
        String least = version(tls, either(tls, "min_tls_version", "minTLSVersion"), "v1.2");
        String most = version(tls, either(tls, "max_tls_version", "maxTLSVersion"), "v1.3");
        if (most.compareTo(least) < 0) {
            tls.invalid(
                    either(tls, "max_tls_version", "maxTLSVersion"),
                    "older than the oldest that is spoken, " + least + ".",
                    "Write v1.2 or v1.3, and no less than min_tls_version.");
            most = "v1.3";
        }
        String required = either(tls, "cert_required", "certRequired");
        boolean files = tls.has(either(tls, "cacert_chain_file", "cacertChainFile"))
                || tls.has(either(tls, "crl_file", "crlFile"));
        tls.noEffect(
                "keys are agreed by X25519MLKEM768, X25519, P-256 and P-384.",
                "Remove it.",
                either(tls, "ecdh_curves", "ecdhCurves"));
        tls.noEffect(
                "certificates come from Secrets.",
                "Write tlsSecret (TLSContext: secret).",
                either(tls, "cert_chain_file", "certChainFile"),
                either(tls, "private_key_file", "privateKeyFile"));
        tls.noEffect(
                "clear text is treated as the Host's requestPolicy says.",
                "Remove it.",
                either(tls, "redirect_cleartext_from", "redirectCleartextFrom"));
        tls.noEffect("services outside are asked by their own names.", "Remove it.", "sni");
        return new TlsSettings(
                secret(tls, either(tls, "ca_secret", "caSecret"), namespace, dots),
                secret(tls, either(tls, "crl_secret", "crlSecret"), namespace, dots),
                tls.has(required) ? Optional.of(tls.flag(required, true)) : Optional.empty(),
                files,
                least,
                most,
                ciphers(tls),
                protocols(tls));
    }

    private static String either(Fields tls, String snake, String camel) {
        tls.inert(snake, camel);
        return tls.has(camel) && !tls.has(snake) ? camel : snake;
    }

    /** {@code NAME} or, where dots part, {@code NAME.NAMESPACE}. */
    static Optional<SecretReference> secret(Fields tls, String field, String namespace, boolean dots) {
        return tls.text(field).map(text -> {
            int dot = dots ? text.lastIndexOf('.') : -1;
            return dot <= 0
                    ? new SecretReference(namespace, text)
                    : new SecretReference(text.substring(dot + 1), text.substring(0, dot));
        });
    }

    private static String version(Fields tls, String field, String usual) {
        String said = tls.word(field, VERSIONS).orElse(usual);
        if (said.compareTo("v1.2") >= 0) {
            return said;
        }
        if (field.startsWith("max")) {
            tls.noEffect("TLS older than 1.2 is not safe and not spoken.", "Write v1.2 or v1.3.", field);
        }
        return usual;
    }

    private static List<String> ciphers(Fields tls) {
        String field = either(tls, "cipher_suites", "cipherSuites");
        List<String> known = new ArrayList<>();
        List<String> weak = new ArrayList<>();
        for (String entry : tls.texts(field)) {
            for (String name : entry.replace("[", "").replace("]", "").split("\\|", -1)) {
                String standard = CIPHERS.getOrDefault(name.strip(), name.strip());
                (CIPHERS.containsValue(standard) ? known : weak).add(standard);
            }
        }
        weak.removeIf(name -> name.startsWith("TLS_AES_") || name.startsWith("TLS_CHACHA20_")); // of 1.3, always there
        if (!weak.isEmpty()) {
            tls.warning(
                    field,
                    "NoEffect",
                    tls.path(field) + ": " + String.join(", ", weak)
                            + " keep no secrecy forward or do not authenticate, so they are not spoken.",
                    "Write of "
                            + String.join(
                                    ", ", CIPHERS.keySet().stream().sorted().toList()) + ".");
        }
        return known;
    }

    private static List<String> protocols(Fields tls) {
        String field = either(tls, "alpn_protocols", "alpnProtocols");
        List<String> known = new ArrayList<>();
        for (String name : tls.text(field, "").split(",", -1)) {
            String stripped = name.strip();
            if (stripped.equals("h2") || stripped.equals("http/1.1")) {
                known.add(stripped);
            } else if (!stripped.isEmpty()) {
                tls.invalid(field, "\"" + stripped + "\" is not spoken here.", "Write h2, http/1.1 or both.");
            }
        }
        return known;
    }
}
