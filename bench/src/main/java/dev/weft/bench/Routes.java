package dev.weft.bench;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.problem.ResourceReference;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Endpoint;
import dev.weft.model.traffic.EndpointGroup;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import dev.weft.model.workload.ServiceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** 1,000 routes of an edge by their prefix, to one endpoint. */
final class Routes {

    static final byte[] REQUEST = Http2Codec.bytes(
            "GET /r0500/item?id=17 HTTP/1.1",
            "Host: shop.example.com",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding: gzip, deflate, br",
            "Accept-Language: en-GB,en;q=0.5",
            "Cookie: session=4f3c2b1a09f8e7d6c5b4a39281706f5e");
    static final byte[] ANSWER = Http2Codec.bytes(
            "HTTP/1.1 200 OK",
            "Server: bench",
            "Date: Mon, 23 Nov 2026 00:00:00 GMT",
            "Content-Type: application/json",
            "Content-Length: 0",
            "Connection: keep-alive");

    private static final int COUNT = 1_000;
    private static final ResourceReference SOURCE = new ResourceReference("", "Mapping", "default", "bench");
    private static final ServicePort SERVICE = new ServicePort(new ServiceName("default", "backend"), 80);

    private Routes() {}

    /** With one listener, where connections are accepted on {@code port}. */
    static Snapshot snapshot(int port, int backendPort) {
        List<Rule> rules = IntStream.range(0, COUNT).mapToObj(Routes::rule).toList();
        Endpoint endpoint = new Endpoint("127.0.0.1", backendPort, Optional.empty(), Endpoint.Transport.PLAIN);
        return new Snapshot(
                1,
                List.of(new EdgeListener("http", SOURCE, "127.0.0.1", port, false, List.of())),
                List.of(new Frontend("bench", SOURCE, List.of("*"), rules)),
                Map.of(),
                Map.of(SERVICE, new EndpointGroup(SERVICE, List.of(endpoint), false, 0)),
                List.of(),
                Map.of(),
                List.of());
    }

    private static Rule rule(int number) {
        String name = "r%04d".formatted(number);
        return new Rule(
                name,
                SOURCE,
                List.of(new Match(new PathMatch.Prefix("/" + name + "/"), Set.of(), List.of())),
                List.of(),
                List.of(new WeightedBackend(new Backend.Service(SERVICE), 1)),
                Timeouts.DEFAULT,
                RetryPolicy.DEFAULT);
    }
}
