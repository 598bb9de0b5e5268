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
import java.util.Set;

/**
 * The trust anchor and the issuer on disk: made on first start, a new issuer before the old one ends. Every file is its
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

    /** What the authority works with. */
    record Identity(X509Certificate anchor, CertificateAuthority issuer) {}

    Identity openOrCreate(Instant now) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        boolean first = !Files.exists(file("anchor.key")) && !Files.exists(file("anchor.crt"));
        CertificateAuthority anchor = first ? createAnchor(now) : read("anchor");
        boolean issued = Files.exists(file("issuer.key")) && Files.exists(file("issuer.crt"));
        CertificateAuthority issuer = issued ? read("issuer") : createIssuer(anchor, now);
        Instant end = issuer.certificate().getNotAfter().toInstant();
        if (end.isBefore(now.plus(ISSUER_RENEWAL)) || !signedBy(issuer.certificate(), anchor.certificate())) {
            issuer = createIssuer(anchor, now);
        }
        return new Identity(anchor.certificate(), issuer);
    }

    private CertificateAuthority createAnchor(Instant now) throws IOException {
        CertificateAuthority anchor = CertificateAuthority.selfSigned("root.weft.cluster.local", now, ANCHOR_VALIDITY);
        write("anchor", anchor);
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

    private static boolean signedBy(X509Certificate certificate, X509Certificate anchor) {
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
