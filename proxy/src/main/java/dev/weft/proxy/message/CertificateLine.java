package dev.weft.proxy.message;

import dev.weft.http.transport.TlsSession;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * What a service is told of a client's certificate that was verified: Envoy's {@code x-forwarded-client-cert}, with {@code
 * Hash}, {@code Subject}, {@code URI} and {@code DNS}.
 */
public final class CertificateLine {

    private static final int DNS = 2;
    private static final int URI = 6;

    private CertificateLine() {}

    /** A whole header line; empty for a client without a certificate. */
    public static String of(Optional<TlsSession> tls) {
        return tls.flatMap(TlsSession::peer)
                .map(certificate -> "x-forwarded-client-cert: " + value(certificate) + "\r\n")
                .orElse("");
    }

    private static String value(X509Certificate certificate) {
        StringBuilder value = new StringBuilder("Hash=").append(hash(certificate));
        value.append(";Subject=").append(quoted(certificate.getSubjectX500Principal()));
        names(certificate, URI).forEach(name -> value.append(";URI=").append(quoted(name)));
        names(certificate, DNS).forEach(name -> value.append(";DNS=").append(quoted(name)));
        return value.toString();
    }

    private static String hash(X509Certificate certificate) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a certificate that was verified cannot be written", e);
        }
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(kind).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (CertificateParsingException _) {
            return List.of();
        }
    }

    private static String quoted(X500Principal subject) {
        return quoted(subject.getName(X500Principal.RFC2253));
    }

    /**
     * Nothing in a name can end it, begin another part, or a header of its own. A backslash stands before quotes alone, so
     * that readers agree on where the value ends who take two of them for one, and those who do not.
     */
    private static String quoted(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            if (each == '"') {
                quoted.append("\\\"");
            } else if (each >= ' ' && each < 0x7f && each != '\\') {
                quoted.append((char) each);
            } else {
                quoted.append('%').append(HexFormat.of().toHexDigits(each));
            }
        }
        return quoted.append('"').toString();
    }
}
