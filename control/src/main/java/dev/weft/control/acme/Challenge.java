package dev.weft.control.acme;

import dev.weft.model.problem.ResourceReference;

/** What the edge has to answer while an authority looks whether a name leads here. */
public sealed interface Challenge {

    /** The Host that it is for. */
    ResourceReference source();

    /** The name, lower case. */
    String hostname();

    /**
     * HTTP-01 (RFC 8555 section 8.3).
     *
     * @param answer the whole body
     */
    record Request(ResourceReference source, String hostname, String token, String answer) implements Challenge {

        private static final String PREFIX = "/.well-known/acme-challenge/";

        public String path() {
            return PREFIX + token;
        }

        /** Leaves out what is asked and answered. */
        @Override
        public String toString() {
            return "HTTP-01 for " + hostname;
        }
    }

    /**
     * TLS-ALPN-01 (RFC 8737).
     *
     * @param certificatePem made for this question alone
     * @param keyPem PKCS#8
     */
    record Handshake(ResourceReference source, String hostname, String certificatePem, String keyPem)
            implements Challenge {

        /** Leaves the key out. */
        @Override
        public String toString() {
            return "TLS-ALPN-01 for " + hostname;
        }
    }
}
