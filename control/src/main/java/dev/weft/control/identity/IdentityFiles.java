package dev.weft.control.identity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The trust anchors and the issuer on disk: made on first start, a new issuer before the old one ends. Every file is its
 * owner's alone; one that others can read is refused, because a key that was read is not a secret any more.
 */
final class IdentityFiles {

    static final Duration ANCHOR_VALIDITY = Duration.ofDays(3650);
    static final Duration ISSUER_VALIDITY = Duration.ofDays(365);

    /** An issuer that ends sooner than this is replaced at start. */
    static final Duration ISSUER_RENEWAL = Duration.ofDays(60);

    private final Path folder;

    IdentityFiles(Path folder) {
        this.folder = folder;
    }

    Trust openOrCreate(Instant now) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        boolean first = !Files.exists(file("anchor.key")) && !Files.exists(file("anchor.crt"));
        CertificateAuthority anchor = first ? createAnchor("anchor", now) : read("anchor");
        boolean rotating = Files.exists(file("anchor-next.key")) && Files.exists(file("anchor-next.crt"));
        Optional<CertificateAuthority> next = rotating ? Optional.of(read("anchor-next")) : Optional.empty();
        boolean issued = Files.exists(file("issuer.key")) && Files.exists(file("issuer.crt"));
        CertificateAuthority issuer = issued ? read("issuer") : createIssuer(anchor, now);
        Instant end = issuer.certificate().getNotAfter().toInstant();
        boolean byNext =
                next.isPresent() && signedBy(issuer.certificate(), next.get().certificate());
        boolean orphan = !byNext && !signedBy(issuer.certificate(), anchor.certificate());
        if (orphan || end.isBefore(now.plus(ISSUER_RENEWAL))) {
            issuer = createIssuer(byNext ? next.get() : anchor, now);
        }
        return new Trust(anchor.certificate(), next, issuer);
    }

    /** One step of a rotation on disk; a crash at any point leaves the stage before it, or the one after it. */
    Trust advance(Trust trust, Instant now) throws IOException {
        return switch (trust.stage()) {
            case STEADY -> new Trust(trust.anchor(), Optional.of(createAnchor("anchor-next", now)), trust.issuer());
            case TRUSTED ->
                new Trust(
                        trust.anchor(), trust.next(), createIssuer(trust.next().orElseThrow(), now));
            case ISSUED -> {
                CertificateAuthority next = trust.next().orElseThrow();
                write("anchor", next);
                Files.deleteIfExists(file("anchor-next.crt"));
                Files.deleteIfExists(file("anchor-next.key"));
                yield new Trust(next.certificate(), Optional.empty(), trust.issuer());
            }
        };
    }

    private CertificateAuthority createAnchor(String name, Instant now) throws IOException {
        CertificateAuthority anchor = CertificateAuthority.selfSigned("root.weft.cluster.local", now, ANCHOR_VALIDITY);
        write(name, anchor);
        return anchor;
    }

    private CertificateAuthority createIssuer(CertificateAuthority anchor, Instant now) throws IOException {
        CertificateAuthority issuer = anchor.intermediate("identity.weft.cluster.local", now, ISSUER_VALIDITY);
        write("issuer", issuer);
        return issuer;
    }

    /** The key first: a certificate without its key is what a crash between the two must not leave. */
    private void write(String name, CertificateAuthority authority) throws IOException {
        Keys.write(file(name + ".key"), Keys.pem(authority.key()));
        Keys.write(file(name + ".crt"), Keys.pem(List.of(authority.certificate())));
    }

    private CertificateAuthority read(String name) throws IOException {
        refuseIfOthersMayRead(file(name + ".key"));
        try {
            List<X509Certificate> chain = Keys.certificates(Files.readString(file(name + ".crt")));
            return new CertificateAuthority(chain.getFirst(), Keys.privateKey(Files.readString(file(name + ".key"))));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new IOException(
                    file(name + ".crt") + " cannot be read: restore it, or remove " + folder
                            + " to begin with new identities",
                    e);
        }
    }

    private static void refuseIfOthersMayRead(Path file) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
        boolean open =
                permissions.stream().anyMatch(permission -> !permission.name().startsWith("OWNER"));
        if (open) {
            throw new IOException(file + " can be read by others: chmod 600 it if nobody did, or remove the folder to "
                    + "begin with new identities");
        }
    }

    static boolean signedBy(X509Certificate certificate, X509Certificate anchor) {
        try {
            certificate.verify(anchor.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private Path file(String name) {
        return folder.resolve(name);
    }
}
