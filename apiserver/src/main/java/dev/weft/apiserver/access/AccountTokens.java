package dev.weft.apiserver.access;

import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Tokens of service accounts: JSON Web Tokens (RFC 7519) that this server signs (HS256) and alone can check. */
public final class AccountTokens {

    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
    private static final String HEADER = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

    private final ResourceStore store;
    private final InstantSource clock;
    private final SecretKeySpec key;

    /** @param key kept from one start to the next, at least 256 bits, known to nobody else */
    public AccountTokens(ResourceStore store, InstantSource clock, byte[] key) {
        this.store = store;
        this.clock = clock;
        this.key = new SecretKeySpec(key, "HmacSHA256");
    }

    /** A token of its own for an account. */
    public String issue(Resource account, Duration lasts) {
        Instant now = clock.instant();
        ObjectNode claims = JsonMapper.shared().createObjectNode();
        claims.put("iss", ISSUER).put("sub", "system:serviceaccount:" + account.namespace() + ":" + account.name());
        claims.putArray("aud").add(ISSUER);
        claims.put("iat", now.getEpochSecond()).put("nbf", now.getEpochSecond());
        claims.put("exp", now.plus(lasts).getEpochSecond());
        ObjectNode about = claims.putObject("kubernetes.io").put("namespace", account.namespace());
        about.putObject("serviceaccount").put("name", account.name()).put("uid", account.uid());
        String signed = HEADER + "." + base64(JsonMapper.shared().writeValueAsBytes(claims));
        return signed + "." + base64(signature(signed));
    }

    /** Whose token it is; empty for one that is not ours, has ended, or whose account is gone. */
    public Optional<User> user(String token) {
        int end = token.lastIndexOf('.');
        if (!token.startsWith(HEADER + ".") || end <= HEADER.length()) {
            return Optional.empty();
        }
        try {
            byte[] given = Base64.getUrlDecoder().decode(token.substring(end + 1));
            if (!MessageDigest.isEqual(given, signature(token.substring(0, end)))) {
                return Optional.empty();
            }
            JsonNode claims = JsonMapper.shared()
                    .readTree(Base64.getUrlDecoder().decode(token.substring(HEADER.length() + 1, end)));
            if (claims.path("exp").asLong(0) <= clock.instant().getEpochSecond()) {
                return Optional.empty();
            }
            JsonNode about = claims.path("kubernetes.io");
            String namespace = about.path("namespace").asString("");
            String name = about.at("/serviceaccount/name").asString("");
            String uid = about.at("/serviceaccount/uid").asString("");
            return store.get(Kinds.SERVICE_ACCOUNT.key(namespace, name))
                    .filter(account -> account.uid().equals(uid) && !account.deleting())
                    .map(account -> User.serviceAccount(namespace, name, uid));
        } catch (IllegalArgumentException | JacksonException e) {
            return Optional.empty(); // not base64, or not JSON
        }
    }

    private byte[] signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
