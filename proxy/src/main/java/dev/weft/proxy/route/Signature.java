package dev.weft.proxy.route;

import dev.weft.model.traffic.EdgeRules;
import dev.weft.model.traffic.StrictTransport;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the edge writes into every answer, whoever makes it: {@code Server}, and for what is asked by TLS {@code
 * Strict-Transport-Security} of the host. Immutable.
 */
public final class Signature {

    public static final Signature NONE = new Signature("", List.of());

    private static final String TRANSPORT = "strict-transport-security";

    private final HeadEdits.Fields plain;
    private final Map<String, HeadEdits.Fields> secured = new HashMap<>();
    private final boolean empty;

    private Signature(String server, List<StrictTransport> hosts) {
        this.plain = server.isEmpty() ? HeadEdits.Fields.NONE : HeadEdits.Fields.NONE.set("server", server);
        for (StrictTransport each : hosts) {
            HeadEdits.Fields fields = each.value().isEmpty()
                    ? plain
                    : plain.then(new HeadEdits.Fields(
                            Set.of(TRANSPORT), List.of(new HeadEdits.Line(TRANSPORT, each.value()))));
            String host = each.host().toLowerCase(Locale.ROOT);
            secured.putIfAbsent(host.startsWith("*") ? host.substring(1) : host, fields);
        }
        this.empty = server.isEmpty() && hosts.isEmpty();
    }

    public static Signature of(EdgeRules rules) {
        boolean none = rules.serverName().isEmpty() && rules.strictTransport().isEmpty();
        return none ? NONE : new Signature(rules.serverName(), rules.strictTransport());
    }

    /** Whether nothing is written at all. */
    public boolean isEmpty() {
        return empty;
    }

    /**
     * For an answer to a request.
     *
     * @param host that it names, without the port
     */
    public HeadEdits.Fields of(String host, boolean byTls) {
        if (!byTls || secured.isEmpty()) {
            return plain;
        }
        String name = host.toLowerCase(Locale.ROOT);
        HeadEdits.Fields exact = secured.get(name);
        if (exact != null) {
            return exact;
        }
        if (ofThisMachine(name)) {
            return plain; // a browser would remember it for whatever else is served there, on any port
        }
        for (int dot = name.indexOf('.', 1); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            HeadEdits.Fields suffix = secured.get(name.substring(dot));
            if (suffix != null) {
                return suffix;
            }
        }
        return secured.getOrDefault("", plain);
    }

    private static boolean ofThisMachine(String name) {
        boolean address =
                name.indexOf(':') >= 0 || (!name.isEmpty() && Character.isDigit(name.charAt(name.length() - 1)));
        return address || name.equals("localhost") || name.endsWith(".localhost") || name.endsWith(".local");
    }
}
