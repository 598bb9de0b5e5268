package dev.weft.cli.acme;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Base64;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client of ACME sends: a JSON Web Signature with ES256 (RFC 8555 section 6.2). */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record SignedRequest(JsonNode header, String payload, byte[] signed, byte[] signature) {

    private static final JsonMapper JSON = new JsonMapper();

    static SignedRequest parse(byte[] body) {
        JsonNode envelope = JSON.readTree(body);
        String header = envelope.get("protected").asString();
        String payload = envelope.get("payload").asString();
        return new SignedRequest(
                JSON.readTree(decoded(header)),
                new String(decoded(payload), StandardCharsets.UTF_8),
                (header + "." + payload).getBytes(StandardCharsets.US_ASCII),
                decoded(envelope.get("signature").asString()));
    }

    JsonNode content() {
        return payload.isEmpty() ? JSON.createObjectNode() : JSON.readTree(payload);
    }

    boolean isBy(JsonNode key) {
        try {
            Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
            verifier.initVerify(publicKey(key));
            verifier.update(signed);
            return header.get("alg").asString().equals("ES256") && verifier.verify(signature);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static PublicKey publicKey(JsonNode key) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(key, "x"), number(key, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode key, String name) {
        return new BigInteger(1, decoded(key.get(name).asString()));
    }

    /** RFC 7638. */
    static String thumbprint(JsonNode key) throws GeneralSecurityException {
        String canonical = "{\"crv\":\"%s\",\"kty\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(
                        key.get("crv").asString(),
                        key.get("kty").asString(),
                        key.get("x").asString(),
                        key.get("y").asString());
        return encoded(MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8)));
    }

    static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static byte[] decoded(String text) {
        return Base64.getUrlDecoder().decode(text);
    }
}
