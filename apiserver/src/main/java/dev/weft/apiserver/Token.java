package dev.weft.apiserver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A secret of this server: 256 random bits, kept in a file of mode 0600. */
final class Token {

    private final String text;
    private final byte[] bytes;

    private Token(String text) {
        this.text = text;
        this.bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    /** Reads the token, or makes one. */
    static Token in(Path file) throws IOException {
        if (!Files.exists(file)) {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            SecretFiles.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        }
        String text = Files.readString(file).strip();
        if (text.length() < 32) {
            throw new IOException(file + " holds no token: remove the file to have one made.");
        }
        return new Token(text);
    }

    /** Compares in a time that does not tell how much is right. */
    boolean is(String other) {
        return MessageDigest.isEqual(other.getBytes(StandardCharsets.UTF_8), bytes);
    }

    /** For the kubeconfig alone. */
    String text() {
        return text;
    }
}
