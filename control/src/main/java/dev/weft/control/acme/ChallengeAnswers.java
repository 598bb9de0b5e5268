package dev.weft.control.acme;

import dev.weft.model.policy.RetryPolicy;
import dev.weft.model.policy.Timeouts;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.Frontend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.TlsPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Has the edge answer authorities that look whether a name leads here, before any rule and whatever its Host says. */
public final class ChallengeAnswers {

    private ChallengeAnswers() {}

    /** With the answers to HTTP-01 as the first rules of the names' frontends. */
    public static List<Frontend> frontends(List<Frontend> frontends, List<Challenge> challenges) {
        List<Frontend> answering = frontends;
        for (Challenge challenge : challenges) {
            if (challenge instanceof Challenge.Request request) {
                answering = with(answering, request);
            }
        }
        return answering;
    }

    private static List<Frontend> with(List<Frontend> frontends, Challenge.Request request) {
        List<Frontend> all = new ArrayList<>();
        boolean there = frontends.stream().anyMatch(each -> each.hosts().contains(request.hostname()));
        if (!there) {
            all.add(new Frontend(
                    request.hostname(), request.source(), List.of(request.hostname()), List.of(rule(request))));
        }
        for (Frontend each : frontends) {
            if (!each.hosts().contains(request.hostname())) {
                all.add(each);
                continue;
            }
            List<Rule> rules = new ArrayList<>();
            rules.add(rule(request));
            rules.addAll(each.rules());
            all.add(new Frontend(each.name(), each.source(), each.hosts(), rules));
        }
        return all;
    }

    private static Rule rule(Challenge.Request request) {
        return new Rule(
                request.source() + " (its authority's question)",
                request.source(),
                List.of(new Match(new PathMatch.Exact(request.path()), Set.of("GET", "HEAD"), List.of())),
                List.of(new RouteFilter.Answer(200, "application/octet-stream", request.answer())),
                List.of(),
                Timeouts.ofRequest(Duration.ZERO),
                RetryPolicy.NONE);
    }

    /** With the certificates that answer TLS-ALPN-01, beside those of hosts. */
    public static List<EdgeListener> listeners(List<EdgeListener> listeners, List<Challenge> challenges) {
        List<ServerCertificate> answers = new ArrayList<>();
        for (Challenge challenge : challenges) {
            if (challenge instanceof Challenge.Handshake handshake) {
                answers.add(new ServerCertificate(
                        handshake.hostname(), handshake.certificatePem(), handshake.keyPem(), TlsPolicy.CHALLENGE));
            }
        }
        return answers.isEmpty()
                ? listeners
                : listeners.stream()
                        .map(each -> each.tls() ? with(each, answers) : each)
                        .toList();
    }

    private static EdgeListener with(EdgeListener listener, List<ServerCertificate> answers) {
        List<ServerCertificate> all = new ArrayList<>(answers);
        all.addAll(listener.certificates());
        return listener.with(all);
    }
}
