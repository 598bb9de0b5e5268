package dev.weft.control.compile;

import dev.weft.control.declared.AnnotationValues;
import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.ClientLimits;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.CorsPolicy;
import dev.weft.resources.emissary.EdgeModule;
import dev.weft.resources.emissary.Mapping;
import java.util.List;
import java.util.Optional;

/** What the Module named {@code ambassador} says of the whole edge; the oldest where there are several. */
final class EdgeModules {

    private static final String BODY = "limit.weft.dev/body-bytes";
    private static final String CONNECTIONS = "limit.weft.dev/connections";
    private static final String PER_LISTENER = "limit.weft.dev/connections-per-listener";
    private static final String PER_ADDRESS = "limit.weft.dev/connections-per-address";
    private static final String HEAD = "timeout.weft.dev/request-head";
    private static final String BODY_GAP = "timeout.weft.dev/request-body-gap";
    private static final List<String> KNOWN = List.of(CONNECTIONS, PER_LISTENER, PER_ADDRESS, HEAD, BODY_GAP);
    private static final int MANY = 1_000_000;

    private final Optional<EdgeModule> module;
    private final ClientLimits clients;

    EdgeModules(Declarations declarations, Findings findings) {
        List<Declared<EdgeModule>> named = declarations.readable(Kinds.MODULE, EdgeModule.class).stream()
                .filter(declared -> declared.resource().name().equals(EdgeModule.NAME))
                .sorted(Declared.OLDEST_FIRST)
                .toList();
        named.stream()
                .skip(1)
                .forEach(other -> findings.error(
                        other.key(),
                        "",
                        "Conflict",
                        named.getFirst().key() + " is older and speaks for the edge already.",
                        "Delete one of the two."));
        this.module = named.stream().findFirst().flatMap(Declared::value);
        this.clients = named.stream()
                .findFirst()
                .map(declared -> clients(declared, findings))
                .orElse(ClientLimits.DEFAULT);
    }

    private static ClientLimits clients(Declared<EdgeModule> declared, Findings findings) {
        AnnotationValues values = new AnnotationValues(declared, findings);
        values.unknown(List.of("limit.weft.dev/", "timeout.weft.dev/"), KNOWN);
        ClientLimits usual = ClientLimits.DEFAULT;
        EdgeModule module = declared.value().orElseThrow();
        return usual.withBodyBytesMax(module.bodyBytesMax())
                .withConnections(
                        values.integer(CONNECTIONS, usual.connectionsMax(), 1, MANY),
                        values.integer(PER_LISTENER, usual.connectionsPerListenerMax(), 1, MANY),
                        values.integer(PER_ADDRESS, usual.connectionsPerAddressMax(), 1, MANY))
                .withPatience(
                        values.duration(HEAD).orElse(usual.head()),
                        values.duration(BODY_GAP).orElse(usual.bodyGap()),
                        module.idle().isZero() ? usual.idle() : module.idle());
    }

    /** How large a body a mapping's requests may have, where it says so itself. */
    static Optional<RouteFilter.LimitBody> body(Declared<Mapping> mapping, Findings findings) {
        AnnotationValues values = new AnnotationValues(mapping, findings);
        int bytes = values.integer(BODY, -1, 0, 999_999_999);
        return bytes < 0 ? Optional.empty() : Optional.of(new RouteFilter.LimitBody(bytes));
    }

    /** Proxies in front of listeners that say nothing of it. */
    int trustedHops() {
        return module.map(EdgeModule::trustedHops).orElse(0);
    }

    Optional<CorsPolicy> cors() {
        return module.flatMap(EdgeModule::cors);
    }

    /** Whether hosts that say nothing send clear text to HTTPS. */
    boolean redirectsClearText() {
        return module.map(EdgeModule::redirectClearText).orElse(false);
    }

    EdgeRules rules() {
        return module.map(EdgeModules::rules).orElse(EdgeRules.DEFAULT).with(clients);
    }

    private static EdgeRules rules(EdgeModule module) {
        return new EdgeRules(
                switch (module.underscores()) {
                    case REJECT_REQUEST -> EdgeRules.Underscores.REFUSE;
                    case DROP_HEADER -> EdgeRules.Underscores.DROP;
                    case ALLOW -> EdgeRules.Underscores.ALLOW;
                },
                switch (module.escapedSlashes()) {
                    case REJECT_REQUEST -> EdgeRules.EscapedSlashes.REFUSE;
                    case UNESCAPE_AND_REDIRECT -> EdgeRules.EscapedSlashes.REDIRECT;
                    case KEEP_UNCHANGED -> EdgeRules.EscapedSlashes.ALLOW;
                },
                module.mergeSlashes(),
                module.headKilobytesMax() * 1024,
                EdgeRules.DEFAULT.targetBytesMax(),
                EdgeRules.DEFAULT.fieldsMax());
    }
}
