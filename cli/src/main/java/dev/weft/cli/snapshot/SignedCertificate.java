package dev.weft.cli.snapshot;

/**
 * The answer to a {@link SigningRequest}.
 *
 * @param chain PEM, leaf first
 * @param anchors PEM, whom to trust
 */
record SignedCertificate(String chain, String anchors) {}
