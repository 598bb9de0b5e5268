package dev.weft.cli.demo;

import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Where a client connects, and what for.
 *
 * @param port on 127.0.0.1
 * @param host the Host header, and the name that the server's certificate must carry
 * @param tls whom to trust; empty for clear text
 */
record Target(int port, String host, Optional<SSLContext> tls) {

    String scheme() {
        return tls.isPresent() ? "HTTPS" : "HTTP";
    }
}
