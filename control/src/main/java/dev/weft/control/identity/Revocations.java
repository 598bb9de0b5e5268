package dev.weft.control.identity;

import dev.weft.model.workload.Revocation;
import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The certificates that were revoked, in memory and in a file beside the anchors; each is forgotten when it would have ended by
 * itself. Any thread may read; {@link IdentityAuthority} adds under its lock.
 */
public final class Revocations {

    private static final int HEXADECIMAL = 16;

    private final Path file;
    private volatile List<Revocation> all;

    private Revocations(Path file, List<Revocation> all) {
        this.file = file;
        this.all = all;
    }

    /** @throws IOException with a message for people, when the file is there and cannot be read: nobody is forgiven by accident */
    static Revocations open(Path folder) throws IOException {
        Path file = folder.resolve("revoked.txt");
        if (!Files.exists(file)) {
            return new Revocations(file, List.of());
        }
        try {
            return new Revocations(file, parse(Files.readString(file)));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    file + " cannot be read: " + e.getMessage()
                            + "; restore the file, or remove it to have nothing revoked",
                    e);
        }
    }

    /**
     * Reads {@link #text} back.
     *
     * @throws IllegalArgumentException naming the line that cannot be read
     */
    public static List<Revocation> parse(String text) {
        return text.lines().map(Revocations::read).toList();
    }

    private static Revocation read(String line) {
        try {
            return parts(line);
        } catch (RuntimeException e) { // each part has its own kind
            throw new IllegalArgumentException(
                    "\"" + line + "\" (expected: certificate SERIAL UNTIL, or identity URI BEFORE UNTIL)", e);
        }
    }

    private static Revocation parts(String line) {
        String[] words = line.split(" ", -1);
        return switch (words[0]) {
            case "certificate" ->
                new Revocation.OfCertificate(new BigInteger(words[1], HEXADECIMAL), Instant.parse(words[2]));
            case "identity" ->
                new Revocation.OfIdentity(
                        WorkloadIdentity.parse(words[1]).orElseThrow(),
                        Instant.parse(words[2]),
                        Instant.parse(words[3]));
            default -> throw new IllegalArgumentException(words[0]);
        };
    }

    /** A line for each, for other processes and for the file. */
    public static String text(List<Revocation> revocations) {
        return revocations.stream().map(Revocations::line).collect(Collectors.joining());
    }

    private static String line(Revocation revocation) {
        return switch (revocation) {
            case Revocation.OfCertificate one ->
                "certificate " + one.serial().toString(HEXADECIMAL) + " " + one.until() + "\n";
            case Revocation.OfIdentity every ->
                "identity " + every.identity().uri() + " " + every.before() + " " + every.until() + "\n";
        };
    }

    /** Those that still refuse anybody. */
    List<Revocation> at(Instant now) {
        return all.stream().filter(each -> each.until().isAfter(now)).toList();
    }

    /** On disk first: what was revoked stays so, whatever happens to this process. */
    void add(Revocation added, Instant now) throws IOException {
        List<Revocation> next = new ArrayList<>(at(now));
        next.removeIf(each -> sameSubject(each, added));
        next.add(added);
        Keys.write(file, text(next));
        all = List.copyOf(next);
    }

    private static boolean sameSubject(Revocation one, Revocation other) {
        return switch (one) {
            case Revocation.OfCertificate(BigInteger serial, Instant _) ->
                other instanceof Revocation.OfCertificate same && same.serial().equals(serial);
            case Revocation.OfIdentity(WorkloadIdentity identity, Instant _, Instant _) ->
                other instanceof Revocation.OfIdentity same && same.identity().equals(identity);
        };
    }

    /** The moment that a new certificate of this identity has to be of, lest it be refused with those before. */
    Instant earliest(WorkloadIdentity identity, Instant now) {
        return all.stream()
                .filter(Revocation.OfIdentity.class::isInstance)
                .map(Revocation.OfIdentity.class::cast)
                .filter(each -> each.identity().equals(identity))
                .map(each -> each.before().plus(CertificateAuthority.CLOCK_SKEW))
                .filter(now::isBefore)
                .findFirst()
                .orElse(now);
    }
}
