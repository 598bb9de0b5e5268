package dev.weft.runtime.deployment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import tools.jackson.databind.JsonNode;

/** The middle and last part of a pod's name, in Kubernetes' alphabet, which spells no words. */
final class TemplateHash {

    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int HASH_LENGTH = 10;
    private static final int RANDOM_LENGTH = 5;

    private TemplateHash() {}

    /** Another one for each number of collisions. */
    static String of(JsonNode template, int collisions) {
        try {
            String text = PodTemplates.plain(template) + (collisions == 0 ? "" : "#" + collisions);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder hash = new StringBuilder();
            for (int i = 0; i < HASH_LENGTH; i++) {
                hash.append(ALPHABET.charAt((digest[i] & 0xff) % ALPHABET.length()));
            }
            return hash.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static String random(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < RANDOM_LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
