package dev.weft.control.acme;

import dev.weft.control.identity.Keys;
import dev.weft.resources.Key;
import dev.weft.resources.RefusedException;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.resources.core.Secret;
import java.io.IOException;
import java.io.StringReader;
import java.security.KeyPair;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import tools.jackson.databind.node.ObjectNode;

/**
 * The keys of accounts, in Secrets under {@code user.key}: a private key with its public one, which PKCS#8 does not say of
 * every kind.
 */
final class AccountKeys {

    private static final String NAME = "user.key";

    private final ResourceStore store;

    AccountKeys(ResourceStore store) {
        this.store = store;
    }

    /**
     * The key in that Secret, which is made where there is none.
     *
     * @throws IOException when it holds something else
     */
    KeyPair openOrCreate(Key secret) throws IOException {
        Optional<Resource> there = store.get(secret);
        if (there.isPresent()) {
            return read(there.get());
        }
        KeyPair made = Keys.generate();
        ObjectNode json = Resource.of(secret).edit();
        json.put("type", "Opaque");
        json.withObject("/data")
                .put(NAME, CertificateSecrets.encoded(Keys.pem(made.getPrivate()) + Keys.pem(made.getPublic())));
        try {
            store.create(new Resource(secret.kind(), json));
            return made;
        } catch (RefusedException e) {
            if (e.reason() != RefusedException.Reason.ALREADY_EXISTS) {
                throw e;
            }
            return read(store.get(secret).orElseThrow(() -> e)); // another Host of the same account was faster
        }
    }

    private static KeyPair read(Resource resource) throws IOException {
        String pem = Secret.read(resource)
                .value()
                .flatMap(secret -> secret.value(NAME))
                .orElse("");
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        Optional<PrivateKeyInfo> secret = Optional.empty();
        Optional<SubjectPublicKeyInfo> shown = Optional.empty();
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
                switch (next) {
                    case PEMKeyPair pair -> {
                        secret = Optional.of(pair.getPrivateKeyInfo());
                        shown = Optional.ofNullable(pair.getPublicKeyInfo());
                    }
                    case PrivateKeyInfo info -> secret = Optional.of(info);
                    case SubjectPublicKeyInfo info -> shown = Optional.of(info);
                    default -> {} // parameters of a curve, which some tools write first
                }
            }
        }
        if (secret.isEmpty() || shown.isEmpty()) {
            throw new IOException(resource.key() + " has no account key under " + NAME
                    + " (expected: PEM with the private key and the public one)");
        }
        return new KeyPair(converter.getPublicKey(shown.get()), converter.getPrivateKey(secret.get()));
    }
}
