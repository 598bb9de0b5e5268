package dev.weft.model.traffic;

import dev.weft.model.policy.AddressRules;
import dev.weft.model.policy.ClientLimits;
import java.util.List;

/**
 * What holds at every port of the edge.
 *
 * @param heads what becomes of a head before any route sees it
 * @param addresses who is served
 * @param serverName what every answer says in {@code Server}, whoever makes it; empty to leave that to the services
 * @param strictTransport what hosts that are asked by TLS say of that, one for a name
 * @param clients what is taken of clients beside heads
 */
public record EdgeRules(
        Heads heads,
        AddressRules addresses,
        String serverName,
        List<StrictTransport> strictTransport,
        ClientLimits clients) {

    /** For everybody, with nothing in answers, and with what is usual of clients. */
    public static final EdgeRules DEFAULT =
            new EdgeRules(Heads.DEFAULT, AddressRules.NONE, "", List.of(), ClientLimits.DEFAULT);

    public EdgeRules {
        strictTransport = List.copyOf(strictTransport);
    }

    public EdgeRules with(Heads others) {
        return new EdgeRules(others, addresses, serverName, strictTransport, clients);
    }

    public EdgeRules with(ClientLimits others) {
        return new EdgeRules(heads, addresses, serverName, strictTransport, others);
    }

    public EdgeRules with(AddressRules served) {
        return new EdgeRules(heads, served, serverName, strictTransport, clients);
    }

    /** The same with other words in answers. */
    public EdgeRules with(String server, List<StrictTransport> transport) {
        return new EdgeRules(heads, addresses, server, transport, clients);
    }

    /**
     * What becomes of a request's head.
     *
     * @param underscores what becomes of headers with an underscore in their names, which some programs take for a dash
     * @param escapedSlashes what becomes of a path with {@code %2F} or {@code %5C}, which some programs decode
     * @param mergeSlashes whether {@code //} in a path becomes {@code /}
     * @param bytesMax of the request line and the headers; more is 431
     * @param targetBytesMax of the path and the query; more is 414
     * @param fieldsMax headers; more is 431
     */
    public record Heads(
            Underscores underscores,
            EscapedSlashes escapedSlashes,
            boolean mergeSlashes,
            int bytesMax,
            int targetBytesMax,
            int fieldsMax) {

        /** Envoy's limits for heads, nginx's for the target. */
        public static final Heads DEFAULT =
                new Heads(Underscores.REFUSE, EscapedSlashes.REFUSE, false, 60 * 1024, 8 * 1024, 100);
    }

    public enum Underscores {
        REFUSE,
        DROP,
        ALLOW
    }

    public enum EscapedSlashes {
        REFUSE,
        /** The client is sent to the path with the slashes written out. */
        REDIRECT,
        ALLOW
    }
}
