package dev.weft.proxy.message;

import java.util.List;

/**
 * The fields by which only a proxy of this mesh may speak: who a caller is, where else a call is to go, what another proxy
 * said. Nobody else's are passed on, in heads and in trailers alike. Names are lower case.
 */
public final class Claims {

    /** Who a caller is; an underscore in them counts as a dash, as to many programs it is one. */
    public static final List<String> IDENTITIES = List.of("l5d-client-id", "x-forwarded-client-cert");

    /** The place among them of the one by which the edge shows a certificate that it verified. */
    public static final int CERTIFICATE = 1;

    /** All whose names begin so. */
    public static final List<String> PREFIXES = List.of("l5d-", "weft-");

    private Claims() {}

    /** @param name lower case, with dashes for underscores */
    static boolean contain(String name) {
        return IDENTITIES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
    }
}
