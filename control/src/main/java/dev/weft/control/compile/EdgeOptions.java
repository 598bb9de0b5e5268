package dev.weft.control.compile;

import java.util.List;

/**
 * Where this machine's edge is.
 *
 * @param address to bind, a numeric address
 * @param httpPort what a Listener's port 8080 is here
 * @param httpsPort what a Listener's port 8443 is here
 * @param domains under which Knative's routes are served as {@code NAME.NAMESPACE.DOMAIN}; the first one names frontends
 */
public record EdgeOptions(String address, int httpPort, int httpsPort, List<String> domains) {

    /** Emissary's own defaults, on loopback. */
    public static final EdgeOptions DEFAULT =
            new EdgeOptions("127.0.0.1", 8080, 8443, List.of("example.com", "localhost"));

    /** Emissary's default ports stand for the ports that this machine's edge was given. */
    int port(int declared) {
        return switch (declared) {
            case 8080 -> httpPort;
            case 8443 -> httpsPort;
            default -> declared;
        };
    }

    public EdgeOptions {
        domains = List.copyOf(domains);
        if (domains.isEmpty()) {
            throw new IllegalArgumentException("domains: none (expected: at least one)");
        }
    }
}
