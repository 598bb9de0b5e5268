package dev.weft.cli.snapshot;

import dev.weft.model.workload.WorkloadIdentity;
import java.io.IOException;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Asks for a certificate without showing the private key (PKCS#10, RFC 2986): signed with the key, the identity as its
 * alternative name.
 *
 * @param request PEM
 */
record SigningRequest(String request) {

    private static final String LABEL = "CERTIFICATE REQUEST";

    static SigningRequest of(WorkloadIdentity identity, KeyPair keys) {
        try {
            ExtensionsGenerator extensions = new ExtensionsGenerator();
            extensions.addExtension(
                    Extension.subjectAlternativeName,
                    true,
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri())));
            byte[] der = new JcaPKCS10CertificationRequestBuilder(new X500Principal(""), keys.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
            return new SigningRequest(Pem.write(LABEL, der));
        } catch (OperatorCreationException | IOException e) {
            throw new IllegalStateException("signing request for " + identity + ": " + e.getMessage(), e);
        }
    }

    /**
     * The request itself.
     *
     * @throws IllegalArgumentException when it is not PEM
     */
    byte[] der() {
        return Pem.read(LABEL, request);
    }

    /**
     * The URI that is asked for; empty without one.
     *
     * @throws IllegalArgumentException when it is no request
     */
    String identity() {
        try {
            return uri(new PKCS10CertificationRequest(der()));
        } catch (IOException e) {
            throw new IllegalArgumentException("the request cannot be read: " + e.getMessage(), e);
        }
    }

    private static String uri(PKCS10CertificationRequest parsed) {
        return Optional.ofNullable(parsed.getRequestedExtensions())
                .map(extensions -> GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName))
                .map(GeneralNames::getNames)
                .filter(names -> names.length == 1)
                .flatMap(names -> Arrays.stream(names)
                        .filter(name -> name.getTagNo() == GeneralName.uniformResourceIdentifier)
                        .findFirst())
                .map(name -> name.getName().toString())
                .orElse("");
    }
}
