package dev.weft.cli.snapshot;

/**
 * Who is trusted and who signs now.
 *
 * @param anchors PEM
 * @param issuer PEM; empty when the issuer never changes
 */
record Vouching(String anchors, String issuer) {}
