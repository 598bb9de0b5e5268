package dev.weft.proxy.access;

import dev.weft.model.traffic.AccessPolicy;
import dev.weft.model.traffic.AccessRule;
import dev.weft.model.workload.WorkloadIdentity;
import dev.weft.proxy.route.HeadCondition;
import dev.weft.proxy.route.HeadView;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** One pod's access policy, made ready to be asked for each request. Immutable; makes an object only to refuse. */
public final class Authorizer {

    private final AccessPolicy policy;
    private final WorkloadIdentity server;
    private final List<Compiled> rules;
    private final Access.Allowed unmatched;

    private Authorizer(AccessPolicy policy, WorkloadIdentity server) {
        this.policy = policy;
        this.server = server;
        this.rules = policy.rules().stream().map(Compiled::new).toList();
        this.unmatched = new Access.Allowed(policy.reason());
    }

    /**
     * Makes a policy ready.
     *
     * @param server who is called, for messages
     */
    public static Authorizer of(AccessPolicy policy, WorkloadIdentity server) {
        return new Authorizer(policy, server);
    }

    /** The policy that this was made of; when a snapshot brings the same one, this can stay. */
    public AccessPolicy policy() {
        return policy;
    }

    /**
     * Decides one request.
     *
     * @param client as the certificate of its connection says
     * @param port of the pod
     */
    public Access decide(WorkloadIdentity client, HeadView head, int port) {
        for (int i = 0; i < rules.size(); i++) {
            Compiled rule = rules.get(i);
            if (rule.names(client) && (rule.isAboutPorts() ? rule.opens(port) : rule.matches(head))) {
                return rule.allowed;
            }
        }
        return switch (policy.unmatched()) {
            case ALLOW -> unmatched;
            case DENY -> new Access.Denied(refusal(client, head));
        };
    }

    /**
     * Decides one opaque stream: rules about requests allow none, as nobody sees the requests in it.
     *
     * @param port of the pod
     */
    public Access decideStream(WorkloadIdentity client, int port) {
        for (Compiled rule : rules) {
            if (rule.names(client) && rule.opens(port)) {
                return rule.allowed;
            }
        }
        return switch (policy.unmatched()) {
            case ALLOW -> unmatched;
            case DENY -> new Access.Denied(streamRefusal(client, port));
        };
    }

    /** Whether there is anything that this caller is allowed. */
    public boolean mayCall(WorkloadIdentity client) {
        return policy.unmatched() == AccessPolicy.Unmatched.ALLOW
                || rules.stream().anyMatch(rule -> rule.names(client));
    }

    private String streamRefusal(WorkloadIdentity client, int port) {
        String missing = "no TrafficTarget allows " + client + " an opaque stream to port " + port
                + " of service account " + server.serviceAccount();
        return rules.isEmpty()
                ? missing + ": " + policy.reason()
                : missing + "; "
                        + rules.stream().map(rule -> rule.allowance(client)).collect(Collectors.joining("; "));
    }

    private String refusal(WorkloadIdentity client, HeadView head) {
        String missing = "no TrafficTarget allows " + client + " " + head.method() + " " + head.path()
                + " on service account " + server.serviceAccount();
        if (!rules.isEmpty() && DotSegments.in(head.path())) {
            return missing + "; no rule about requests is asked about a path with dot segments";
        }
        return rules.isEmpty()
                ? missing + ": " + policy.reason()
                : missing + "; "
                        + rules.stream().map(rule -> rule.allowance(client)).collect(Collectors.joining("; "));
    }

    private static final class Compiled {
        private final AccessRule rule;
        private final List<HeadCondition> conditions;
        private final Access.Allowed allowed;

        private Compiled(AccessRule rule) {
            this.rule = rule;
            this.conditions = rule.matches().stream().map(HeadCondition::of).toList();
            this.allowed = new Access.Allowed(rule.source().toString());
        }

        private boolean names(WorkloadIdentity client) {
            return rule.clients().contains(client);
        }

        private boolean isAboutPorts() {
            return rule.ports().isPresent();
        }

        /** A rule that allows every request allows every byte. */
        private boolean opens(int port) {
            return isAboutPorts()
                    ? rule.ports().get().isEmpty() || rule.ports().get().contains(port)
                    : conditions.isEmpty();
        }

        private boolean matches(HeadView head) {
            if (conditions.isEmpty()) {
                return true;
            }
            if (DotSegments.in(head.path())) {
                return false; // the program may read another path than the one that the rule would be asked about
            }
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).holds(head)) {
                    return true;
                }
            }
            return false;
        }

        /** {@code TrafficTarget default/quote-access allows only spiffe://…/sa/hello}. */
        private String allowance(WorkloadIdentity client) {
            return rule.source() + (names(client) ? " allows it only " + requests() : " allows only " + clients());
        }

        private String requests() {
            if (isAboutPorts()) {
                return "ports " + rule.ports().get().stream().sorted().toList();
            }
            return conditions.stream().map(HeadCondition::description).collect(Collectors.joining(" or "));
        }

        private String clients() {
            return rule.clients().isEmpty()
                    ? "nobody"
                    : rule.clients().stream()
                            .map(WorkloadIdentity::uri)
                            .sorted(Comparator.naturalOrder())
                            .collect(Collectors.joining(", "));
        }
    }
}
