package dev.weft.proxy.exchange;

import dev.weft.model.policy.RateLimit;
import dev.weft.model.traffic.DeclaredProtocol.Kind;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
import dev.weft.model.workload.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the services say of the programs behind this machine's inbound ports. A service's declaration is about its pods'
 * programs; of a program that several services lead to, any of them may say it. Immutable.
 */
public final class Programs {

    /** Of no program anything is said. */
    public static final Programs NONE = new Programs(Map.of(), Map.of());

    private static final Declared NOTHING = new Declared(false, false, false, false);

    private final Map<String, Declared> declared;
    private final Map<String, List<RateLimit>> limits;

    /** @param limited whether only so many requests at once may be in it */
    private record Declared(boolean http1, boolean http2, boolean opaque, boolean limited) {

        Declared with(EndpointGroup group) {
            Kind kind = group.protocol().kind();
            return new Declared(
                    http1 || kind == Kind.HTTP1,
                    http2 || kind == Kind.HTTP2,
                    opaque || kind == Kind.OPAQUE,
                    limited || group.concurrencyPerEndpoint() > 0);
        }
    }

    private Programs(Map<String, Declared> declared, Map<String, List<RateLimit>> limits) {
        this.declared = declared;
        this.limits = limits;
    }

    /** Those of this snapshot. */
    public static Programs of(Snapshot snapshot) {
        Map<Endpoint, Declared> said = new HashMap<>();
        for (EndpointGroup group : snapshot.groups().values()) {
            if (group.protocol().kind() != Kind.DETECT || group.concurrencyPerEndpoint() > 0) {
                group.endpoints()
                        .forEach(endpoint ->
                                said.merge(endpoint, NOTHING.with(group), (before, _) -> before.with(group)));
            }
        }
        Map<String, Declared> declared = new HashMap<>();
        for (Instance instance : said.isEmpty() ? List.<Instance>of() : snapshot.instances()) {
            Workload workload = instance.workload();
            for (Instance.Port port : instance.ports()) {
                Endpoint own = new Endpoint(
                        instance.address(), port.inboundPort(), Optional.of(workload), Endpoint.Transport.MESH);
                Declared of = said.get(own);
                if (of != null) {
                    declared.put(workload.namespace() + "/" + workload.name() + ":" + port.containerPort(), of);
                }
            }
        }
        return new Programs(Map.copyOf(declared), snapshot.limits());
    }

    private Declared of(Entrance.Inbound inbound) {
        return declared.isEmpty() ? NOTHING : declared.getOrDefault(key(inbound), NOTHING);
    }

    private static String key(Entrance.Inbound inbound) {
        return inbound.pod() + ":" + inbound.servicePort().port();
    }

    /** Whether this program is declared to speak HTTP/2. */
    boolean speaksHttp2(Entrance.Inbound inbound) {
        return of(inbound).http2;
    }

    /** Whether this program is declared to speak what no proxy looks into. */
    public boolean isOpaque(Entrance.Inbound inbound) {
        return of(inbound).opaque;
    }

    /** Why no opaque stream may reach this program, for people; empty when one may. */
    public Optional<String> refusesStreams(Entrance.Inbound inbound) {
        Declared program = of(inbound);
        String port = "port " + inbound.servicePort().port() + " of pod " + inbound.pod();
        if (program.opaque) {
            return Optional.empty();
        }
        if (program.http1 || program.http2) {
            return Optional.of(port + " is declared to speak HTTP");
        }
        if (program.limited) {
            return Optional.of(port + " takes only so many requests at once, and nobody could count them in a stream");
        }
        boolean free = limits.getOrDefault(inbound.pod(), List.of()).isEmpty()
                && limits.getOrDefault(key(inbound), List.of()).isEmpty();
        return free
                ? Optional.empty()
                : Optional.of(port + " has a rate limit, and nobody could count requests in a stream");
    }
}
