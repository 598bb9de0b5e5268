package dev.weft.proxy.message;

import dev.weft.http.h1.HeaderName;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** The question and answer by which HTTP/1.1 proves that a server knows WebSocket (RFC 6455 section 1.3). */
public final class WebSocketKey {

    public static final HeaderName KEY = HeaderName.of("sec-websocket-key");
    public static final HeaderName ACCEPT = HeaderName.of("sec-websocket-accept");

    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int BYTES = 16;

    private WebSocketKey() {}

    /** A new key: it keeps caches from answering and no secret, so any randomness will do. */
    public static String next(RandomGenerator random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** What the server has to answer to this key. */
    public static String accept(String key) {
        try {
            MessageDigest digest =
                    MessageDigest.getInstance("SHA-1"); // as the RFC says; nothing depends on its strength
            return Base64.getEncoder().encodeToString(digest.digest((key + GUID).getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
