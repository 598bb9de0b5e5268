package dev.weft.apiserver.rest;

import dev.weft.apiserver.access.Rules;
import dev.weft.apiserver.access.User;
import dev.weft.apiserver.access.Users;
import dev.weft.apiserver.access.Wish;
import dev.weft.apiserver.admission.Parameters;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.apiserver.store.SqliteStore;
import dev.weft.resources.Resource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Refuses what a user may not do, and answers what they may: access reviews, token reviews, tokens of service accounts. */
final class Access {

    private static final Duration LEAST = Duration.ofMinutes(10);
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration MOST = Duration.ofDays(1);

    /** What a field selector narrows; whoever creates says in the body what. */
    private static final Set<String> SELECTING = Set.of("list", "watch", "deletecollection");

    private static final List<String> STREAMED = List.of("exec", "attach", "portforward");

    private final Rules rules;
    private final Escalation escalation;
    private final Parameters parameters;
    private final Users users;
    private final InstantSource clock;

    Access(SqliteStore store, ServedKinds kinds, Users users, InstantSource clock) {
        this.rules = new Rules(store);
        this.escalation = new Escalation(rules);
        this.parameters = new Parameters(rules, store, kinds);
        this.users = users;
        this.clock = clock;
    }

    /** @throws ApiException with 403 when the user may not do it */
    void check(Exchange exchange, Target target) {
        check(exchange, target, verb(exchange, target));
    }

    /**
     * About a request that turns out to make what it was to change.
     *
     * @throws ApiException with 403 when the user may not make it
     */
    void checkCreate(Exchange exchange, Target target) {
        check(exchange, target, "create");
    }

    /** @throws ApiException with 403 when a role, a binding or a policy would give what its writer does not have */
    void checkEscalation(Exchange exchange, Target target, Optional<Resource> before, Resource resource) {
        escalation.check(exchange, target, before, resource);
        Optional<String> unread = parameters.refused(exchange.user(), before, resource);
        if (unread.isPresent()) {
            throw ApiException.forbidden(target.kind(), resource.name(), unread.get());
        }
    }

    private void check(Exchange exchange, Target target, String verb) {
        Wish wish = new Wish(
                verb,
                target.kind().kind().group(),
                target.kind().kind().plural(),
                target.subresource(),
                target.isNamespace() ? target.name() : target.namespace(),
                SELECTING.contains(verb) && target.isCollection()
                        ? Selector.name(exchange.query("fieldSelector"))
                        : target.name(),
                "");
        if (!rules.allow(exchange.user(), wish)) {
            throw ApiException.forbidden(
                    target.kind(), target.name(), exchange.user().name(), wish);
        }
    }

    /** @throws ApiException with 403 when the user may not read the path */
    void check(Exchange exchange) {
        String verb = exchange.method().toLowerCase(Locale.ROOT);
        Wish wish = new Wish(verb, "", "", "", "", "", exchange.path());
        if (!rules.allow(exchange.user(), wish)) {
            throw ApiException.forbidden(exchange.user().name(), wish);
        }
    }

    /** Answers a question, which is not kept. */
    void answer(Exchange exchange, Target target) {
        boolean placed =
                !target.kind().kind().namespaced() || !target.namespace().isEmpty();
        if (!exchange.method().equals("POST") || !target.isCollection() || !placed) {
            throw ApiException.methodNotAllowed();
        }
        ObjectNode question = Writes.body(exchange);
        String about = question.at("/spec/resourceAttributes/namespace").asString("");
        if (!target.namespace().isEmpty() && !about.equals(target.namespace())) {
            throw ApiException.badRequest("spec.resourceAttributes.namespace: \"" + about
                    + "\" does not match the namespace of the request (" + target.namespace() + ")");
        }
        question.withObject("/metadata").putNull("creationTimestamp");
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        switch (target.kind().kind().plural()) {
            case "selfsubjectaccessreviews" -> allowed(exchange.user(), question.path("spec"), status);
            case "subjectaccessreviews", "localsubjectaccessreviews" ->
                allowed(asked(question.path("spec")), question.path("spec"), status);
            case "selfsubjectrulesreviews" -> rules(exchange.user(), question.path("spec"), status);
            case "selfsubjectreviews" -> user(exchange.user(), status.putObject("userInfo"));
            default -> token(question.path("spec"), status);
        }
        question.set("status", status);
        exchange.answer(201, question);
    }

    /** Answers {@code serviceaccounts/NAME/token}. */
    void issue(Exchange exchange, Resource account) {
        ObjectNode request = Writes.body(exchange);
        long seconds = request.at("/spec/expirationSeconds").asLong(USUAL.toSeconds());
        if (seconds < LEAST.toSeconds()) {
            throw ApiException.unprocessable("TokenRequest.authentication.k8s.io \"" + account.name()
                    + "\" is invalid: spec.expirationSeconds: Invalid value: " + seconds
                    + ": may not specify a duration less than 10 minutes");
        }
        Duration lasts = Duration.ofSeconds(Math.min(seconds, MOST.toSeconds()));
        request.withObject("/spec").put("expirationSeconds", lasts.toSeconds());
        ObjectNode status = request.putObject("status");
        status.put("token", users.tokens().issue(account, lasts));
        status.put(
                "expirationTimestamp",
                clock.instant()
                        .plus(lasts)
                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                        .toString());
        exchange.answer(201, request);
    }

    private void allowed(User user, JsonNode spec, ObjectNode status) {
        JsonNode resource = spec.path("resourceAttributes");
        JsonNode path = spec.path("nonResourceAttributes");
        Wish wish = new Wish(
                resource.path("verb").asString(path.path("verb").asString("")),
                resource.path("group").asString(""),
                resource.path("resource").asString(""),
                resource.path("subresource").asString(""),
                resource.path("namespace").asString(""),
                resource.path("name").asString(""),
                path.path("path").asString(""));
        status.put("allowed", rules.allow(user, wish));
    }

    private void rules(User user, JsonNode spec, ObjectNode status) {
        ArrayNode resources = status.putArray("resourceRules");
        ArrayNode paths = status.putArray("nonResourceRules");
        status.put("incomplete", false);
        List<JsonNode> all = user.mayDoEverything()
                ? List.of(Json.read("""
                        {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"], "nonResourceURLs": ["*"]}
                        """.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                : rules.of(user, spec.path("namespace").asString("default"));
        for (JsonNode rule : all) {
            ObjectNode copy = (ObjectNode) rule.deepCopy();
            JsonNode urls = copy.remove("nonResourceURLs");
            if (copy.has("resources")) {
                resources.add(copy);
            }
            if (urls != null) {
                ObjectNode into = paths.addObject();
                into.set("verbs", rule.path("verbs"));
                into.set("nonResourceURLs", urls);
            }
        }
    }

    private void token(JsonNode spec, ObjectNode status) {
        Optional<User> user = users.ofToken().apply(spec.path("token").asString(""));
        status.put("authenticated", user.isPresent());
        if (user.isPresent()) {
            user(user.get(), status.putObject("user"));
        } else {
            status.put("error", "the token is not one of this server's, or it has ended");
        }
    }

    private static User asked(JsonNode spec) {
        List<String> groups = spec.path("groups")
                .valueStream()
                .map(group -> group.asString(""))
                .toList();
        Map<String, List<String>> extra = new LinkedHashMap<>();
        spec.path("extra")
                .forEachEntry((key, values) -> extra.put(
                        key,
                        values.valueStream().map(value -> value.asString("")).toList()));
        return User.impersonated(
                spec.path("user").asString(""), spec.path("uid").asString(""), groups, extra);
    }

    private static void user(User user, ObjectNode into) {
        into.put("username", user.name());
        if (!user.uid().isEmpty()) {
            into.put("uid", user.uid());
        }
        ArrayNode groups = into.putArray("groups");
        user.groups().forEach(groups::add);
        user.extra()
                .forEach((key, values) ->
                        values.forEach(into.withObject("/extra").withArrayProperty(key)::add));
    }

    private static String verb(Exchange exchange, Target target) {
        if (STREAMED.contains(target.subresource())) {
            return "create"; // by whatever method: a WebSocket can only be asked for by GET
        }
        return switch (exchange.method()) {
            case "GET", "HEAD" -> exchange.flag("watch") ? "watch" : target.isCollection() ? "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> target.isCollection() ? "deletecollection" : "delete";
            default -> exchange.method().toLowerCase(Locale.ROOT);
        };
    }
}
