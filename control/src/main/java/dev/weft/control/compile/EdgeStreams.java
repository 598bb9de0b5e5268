package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.EdgeStream;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.TcpMapping;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the edge passes on as bytes, by port. TCPMappings of one port and host share its connections by weight. A host for
 * which a Host has a certificate is one whose TLS the edge ends; any other passes untouched.
 */
final class EdgeStreams {

    private final MappingRules rules;
    private final Findings findings;
    private final Map<Integer, Map<String, List<Declared<TcpMapping>>>> byPort = new TreeMap<>();

    EdgeStreams(Declarations declarations, EdgeOptions options, MappingRules rules, Findings findings) {
        this.rules = rules;
        this.findings = findings;
        List<Declared<TcpMapping>> declared =
                new ArrayList<>(declarations.readable(Kinds.TCP_MAPPING, TcpMapping.class));
        declared.sort(Declared.OLDEST_FIRST);
        for (Declared<TcpMapping> each : declared) {
            TcpMapping mapping = each.value().orElseThrow();
            byPort.computeIfAbsent(options.port(mapping.port()), _ -> new TreeMap<>(Comparator.reverseOrder()))
                    .computeIfAbsent(mapping.host(), _ -> new ArrayList<>())
                    .add(each);
        }
    }

    SortedSet<Integer> ports() {
        return new TreeSet<>(byPort.keySet());
    }

    /** The server names that streams are for. */
    Set<String> hosts() {
        return byPort.values().stream()
                .flatMap(hosts -> hosts.keySet().stream())
                .filter(host -> !host.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Of the first one to name the port. */
    ResourceReference source(int port) {
        return byPort.getOrDefault(port, Map.of()).values().stream()
                .flatMap(List::stream)
                .findFirst()
                .orElseThrow()
                .key()
                .reference();
    }

    /**
     * The streams of one port, server names first.
     *
     * @param certified hosts with a certificate
     * @param requests whether the port serves HTTP: then only connections with a server name can be streams
     * @param endsTls whether the port ends TLS of connections without a stream of their own
     */
    List<EdgeStream> streams(int port, Set<String> certified, boolean requests, boolean endsTls) {
        List<EdgeStream> streams = new ArrayList<>();
        byPort.getOrDefault(port, Map.of()).forEach((host, members) -> {
            if (host.isEmpty() && requests) {
                members.forEach(member -> findings.error(
                        member.key(),
                        "spec.port",
                        "Conflict",
                        "a Listener serves HTTP on port " + port
                                + ", so only TLS with a server name can be told apart.",
                        "Write spec.host, or choose a port of its own."));
            } else {
                boolean ends = host.isEmpty() ? endsTls : certified.contains(host);
                streams.add(stream(port, host, members, ends));
            }
        });
        return streams;
    }

    private List<Integer> refused(List<Declared<TcpMapping>> members) {
        members.forEach(member -> findings.error(
                member.key(),
                "spec.weight",
                "WeightsExceed100",
                "the weights of the TCPMappings on this port and host add up to more than 100.",
                "Lower them."));
        return members.stream().map(_ -> 0).toList();
    }

    private EdgeStream stream(int port, String host, List<Declared<TcpMapping>> members, boolean ends) {
        List<Integer> given = MappingOrder.weights(members.stream()
                .map(each -> each.value().orElseThrow().weight())
                .toList());
        List<Integer> weights = given.isEmpty() ? refused(members) : given;
        List<WeightedBackend> backends = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            TcpMapping mapping = members.get(i).value().orElseThrow();
            backends.add(new WeightedBackend(
                    rules.backend(members.get(i).key(), mapping.service(), mapping.originatesTls()), weights.get(i)));
        }
        Declared<TcpMapping> first = members.getFirst();
        ResourceReference source = first.key().reference();
        Rule rule = new Rule(
                first.key().toString(),
                source,
                List.of(),
                List.of(),
                backends,
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
        Frontend frontend =
                new Frontend("tcp-" + port + (host.isEmpty() ? "" : "-" + host), source, List.of(), List.of(rule));
        Duration idle = first.value().map(TcpMapping::idleTimeout).orElse(Duration.ZERO);
        return new EdgeStream(host, ends, frontend, idle);
    }
}
