package dev.weft.cli.snapshot;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** Certificates and requests as text (RFC 7468). */
final class Pem {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private Pem() {}

    static String write(String label, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return BEGIN + label + DASHES + "\n" + base64 + "\n" + END + label + DASHES + "\n";
    }

    /**
     * The first block with this label.
     *
     * @throws IllegalArgumentException when there is none, or it is not base64
     */
    static byte[] read(String label, String text) {
        String begin = BEGIN + label + DASHES;
        int from = text.indexOf(begin);
        int to = text.indexOf(END + label + DASHES);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no PEM block \"" + label + "\" was found");
        }
        return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    }

    static String write(List<X509Certificate> certificates) {
        return certificates.stream()
                .map(certificate -> write("CERTIFICATE", encoded(certificate)))
                .collect(Collectors.joining());
    }

    static List<X509Certificate> certificates(String text) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IllegalArgumentException("certificates: " + e.getMessage(), e);
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException("certificate: " + e.getMessage(), e);
        }
    }
}
