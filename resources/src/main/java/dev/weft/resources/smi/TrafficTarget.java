package dev.weft.resources.smi;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;

/**
 * Allows identities to call another one (SMI Traffic Access, v1alpha1 to v1alpha3).
 *
 * @param destination the called service account
 * @param rules any of them
 * @param sources the calling service accounts
 */
public record TrafficTarget(Resource resource, Account destination, List<Rule> rules, List<Account> sources) {

    /** A service account. */
    public record Account(String namespace, String name) {}

    /**
     * What is allowed.
     *
     * @param kind {@code HTTPRouteGroup} or {@code TCPRoute}
     * @param matches names of matches in the group; empty means all of them
     */
    public record Rule(String kind, String name, List<String> matches) {
        public Rule {
            matches = List.copyOf(matches);
        }
    }

    public TrafficTarget {
        rules = List.copyOf(rules);
        sources = List.copyOf(sources);
    }

    public static Read<TrafficTarget> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static TrafficTarget of(Resource resource, Fields root) {
        warnOfPort(resource, root);
        boolean old = !root.has("spec") && root.has("destination");
        return old ? body(resource, root) : root.requiredObject("spec", spec -> body(resource, spec));
    }

    /** The port that an old version had, and that the stored one has no place for. */
    private static void warnOfPort(Resource resource, Fields root) {
        for (String version : List.of("v1alpha1", "v1alpha2")) {
            boolean port = Conversion.kept(resource.json(), version)
                    .filter(old -> old.at("/destination").has("port")
                            || old.at("/spec/destination").has("port"))
                    .isPresent();
            if (port) {
                root.warning(
                        "spec.destination.port",
                        "NotSupportedYet",
                        "destination.port of " + version + " has no effect: every port of the destination is meant.",
                        "Remove it, or name a TCPRoute with the port in the rules.");
            }
        }
    }

    private static TrafficTarget body(Resource resource, Fields fields) {
        Account destination = fields.requiredObject("destination", account -> {
            account.unsupported("port");
            return account(account, resource.namespace());
        });
        if (!destination.namespace().equals(resource.namespace())) {
            fields.invalid(
                    "destination.namespace",
                    "\"" + destination.namespace() + "\" is not the TrafficTarget's own namespace.",
                    "Put the TrafficTarget into namespace " + destination.namespace() + ".");
        }
        String field = fields.has("specs") ? "specs" : "rules";
        fields.inert("specs", "rules");
        List<Rule> rules = fields.requiredObjects(field, TrafficTarget::rule);
        List<Account> sources = fields.requiredObjects("sources", source -> {
            source.inert("port");
            return account(source, resource.namespace());
        });
        return new TrafficTarget(resource, destination, rules, sources);
    }

    private static Rule rule(Fields rule) {
        String kind = rule.word("kind", List.of("HTTPRouteGroup", "TCPRoute")).orElse("HTTPRouteGroup");
        List<String> matches = rule.texts("matches");
        if (rule.has("matches") && matches.isEmpty()) {
            rule.invalid("matches", "an empty list allows nothing.", "Remove it to allow every match, or name some.");
        }
        return new Rule(kind, rule.requiredText("name"), matches);
    }

    private static Account account(Fields account, String namespace) {
        account.word("kind", List.of("ServiceAccount"));
        if (!account.has("kind")) {
            account.missing("kind", "ServiceAccount");
        }
        return new Account(account.text("namespace", namespace), account.requiredText("name"));
    }
}
