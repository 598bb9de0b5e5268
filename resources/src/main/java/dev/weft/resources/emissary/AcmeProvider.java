package dev.weft.resources.emissary;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who issues a host's certificate by itself (ACME, RFC 8555). Only an authority that is named is ever asked for anything.
 *
 * @param authority as it is written: where its directory is
 * @param email whom it may write to; empty for nobody
 * @param privateKeySecret the Secret of the host's namespace with the account's key
 * @param authoritySecret a Secret there with the root that the authority's own server is trusted by, in place of the system's
 */
public record AcmeProvider(String authority, String email, String privateKeySecret, Optional<String> authoritySecret) {

    /** Names {@link #authoritySecret} in a Host. */
    public static final String AUTHORITY_SECRET = "weft.dev/acme-ca-secret";

    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+|\\[?[0-9a-f]*:[0-9a-f:.]*]?");

    /** Empty when nobody is asked. */
    static Optional<AcmeProvider> read(Resource resource, Fields spec) {
        Optional<AcmeProvider> read = spec.object("acmeProvider", fields -> {
            fields.inert("registration"); // found again by the account's key
            Optional<String> authority = fields.text("authority");
            if (authority.isEmpty()) {
                fields.warning(
                        "authority",
                        "NoAuthority",
                        "no certificate is asked for, as no authority is named.",
                        "Write its URL, for example https://acme-v02.api.letsencrypt.org/directory, or none.");
            }
            String email = fields.text("email", "");
            String named = fields.object("privateKeySecret", reference -> reference.requiredText("name"))
                    .orElseGet(() -> account(authority.orElse(""), email));
            Optional<String> root = Optional.ofNullable(resource.annotations().get(AUTHORITY_SECRET));
            return new AcmeProvider(authority.orElse("none"), email, named, root);
        });
        return read.filter(provider -> !provider.authority.equals("none"));
    }

    /** One account for all hosts that say the same. */
    private static String account(String authority, String email) {
        try {
            byte[] said = (authority + "\n" + email).getBytes(StandardCharsets.UTF_8);
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(said);
            return "acme-account-" + HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    /** Why nothing is asked for a host of this name; a sentence. */
    Optional<String> refusal(String hostname) {
        if (!secure(authority)) {
            return Optional.of("authority \"" + authority + "\" is no https URL.");
        }
        if (hostname.contains("*")) {
            return Optional.of(
                    "\"" + hostname + "\" stands for many names, which an authority certifies by DNS-01 alone:"
                            + " the edge answers HTTP-01 and TLS-ALPN-01.");
        }
        boolean local = !hostname.contains(".") || hostname.endsWith(".localhost") || hostname.endsWith(".local");
        if (local || NUMERIC.matcher(hostname).matches()) {
            return Optional.of("\"" + hostname + "\" is no name that an authority can find.");
        }
        return Optional.empty();
    }

    private static boolean secure(String authority) {
        try {
            URI uri = URI.create(authority);
            return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null && uri.getUserInfo() == null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }
}
