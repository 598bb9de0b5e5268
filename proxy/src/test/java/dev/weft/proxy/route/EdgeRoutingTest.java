package dev.weft.proxy.route;

import static dev.weft.proxy.route.Given.delegate;
import static dev.weft.proxy.route.Given.destination;
import static dev.weft.proxy.route.Given.edge;
import static dev.weft.proxy.route.Given.frontend;
import static dev.weft.proxy.route.Given.header;
import static dev.weft.proxy.route.Given.path;
import static dev.weft.proxy.route.Given.prefix;
import static dev.weft.proxy.route.Given.rule;
import static dev.weft.proxy.route.Given.service;
import static dev.weft.proxy.route.Given.share;
import static dev.weft.proxy.route.Given.snapshot;
import static dev.weft.proxy.route.Given.table;
import static dev.weft.proxy.route.Given.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.Match;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.Rule;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.traffic.WeightedBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class EdgeRoutingTest {

    @Test
    void choosesTheExactHostBeforeTheLongestSuffixBeforeTheStar() {
        RouteTable table = table(edge(
                frontend("*", rule(prefix("/"), to("any"))),
                frontend("*.com", rule(prefix("/"), to("short"))),
                frontend("*.example.com", rule(prefix("/"), to("long"))),
                frontend("hello.example.com", rule(prefix("/"), to("exact")))));

        assertThat(at(table, "hello.example.com")).isEqualTo("exact");
        assertThat(at(table, "Hello.Example.COM:8443")).isEqualTo("exact");
        assertThat(at(table, "hello.example.com.")).isEqualTo("exact");
        assertThat(at(table, "other.example.com")).isEqualTo("long");
        assertThat(at(table, "a.b.example.com:80")).isEqualTo("long");
        assertThat(at(table, "example.com")).isEqualTo("short");
        assertThat(at(table, ".example.com")).isEqualTo("short");
        assertThat(at(table, "localhost")).isEqualTo("any");
        assertThat(at(table, "[::1]:8080")).isEqualTo("any");
    }

    @Test
    void refusesAHostThatNoFrontendHas() {
        RouteTable table = table(edge(frontend("hello.example.com", rule(prefix("/"), to("hello")))));

        assertThat(table.routeEdge(TextHead.get("other.example.com", "/"), 0))
                .isInstanceOfSatisfying(Routing.Refusal.class, refusal -> {
                    assertThat(refusal.error().code()).isEqualTo("host-unknown");
                    assertThat(refusal.reason()).isEqualTo("No frontend is declared for host \"other.example.com\".");
                });
    }

    @Test
    void letsTheFirstRuleThatMatchesDecide() {
        RouteTable table = table(edge(frontend(
                "shop",
                rule(path(new PathMatch.Exact("/cart")), to("exact")),
                rule(header("x-beta", "yes"), to("beta")),
                rule(path(new PathMatch.Regex("/items/[0-9]+", true)), to("item")),
                rule(path(new PathMatch.Regex("/v1", false)), to("v1")),
                rule(path(new PathMatch.ElementPrefix("/cart")), to("element")),
                rule(new Match(new PathMatch.Prefix("/"), Set.of("POST"), List.of()), to("post")),
                rule(prefix("/ca"), to("prefix")))));

        assertThat(at(table, "shop", "/cart")).isEqualTo("exact");
        assertThat(at(table, "shop", "/cart/7")).isEqualTo("element");
        assertThat(at(table, "shop", "/carton")).isEqualTo("prefix");
        assertThat(at(table, "shop", "/items/12")).isEqualTo("item");
        assertThat(at(table, "shop", "/items/12/x")).isEqualTo("route-not-found");
        assertThat(at(table, "shop", "/v1beta")).isEqualTo("v1");
        assertThat(destination(table.routeEdge(TextHead.get("shop", "/cart/7").header("x-beta", "yes"), 0)))
                .isEqualTo("beta");
        assertThat(destination(table.routeEdge(TextHead.get("shop", "/other").method("POST"), 0)))
                .isEqualTo("post");
        assertThat(at(table, "shop", "/")).isEqualTo("route-not-found");
    }

    @Test
    void agreesWithAskingEachRuleInOrderOnRandomRules() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            List<Rule> rules = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                rules.add(rule(randomMatch(random), to("r" + i)));
            }
            RouteTable table = table(edge(frontend("shop", rules.toArray(Rule[]::new))));
            for (int i = 0; i < 30; i++) {
                TextHead head = TextHead.get("shop", randomPath(random)).method(random.nextBoolean() ? "GET" : "PUT");
                String expected = rules.stream()
                        .filter(rule ->
                                HeadCondition.of(rule.matches().getFirst()).holds(head))
                        .findFirst()
                        .map(Rule::name)
                        .orElse("route-not-found");
                assertThat(destination(table.routeEdge(head, 0)))
                        .as("%s among %s", head.path(), rules)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void givesUpOnAnExpressionThatBacktracksWithoutEnd() {
        RouteTable table = table(edge(frontend("shop", rule(path(new PathMatch.Regex("/(a+)+b", true)), to("never")))));

        assertThat(at(table, "shop", "/" + "a".repeat(60))).isEqualTo("route-not-found");
    }

    @Test
    void answersWithARedirectBeforeLookingAtBackends() {
        RouteFilter redirect = new RouteFilter.Redirect(301, "https", "other", "");
        RouteTable table = table(edge(frontend("shop", rule(prefix("/"), List.of(redirect), to("unused")))));

        assertThat(at(table, "shop")).isEqualTo("other");
    }

    @Test
    void refusesARuleWithoutAWeightAndABackendThatIsInvalid() {
        WeightedBackend invalid =
                new WeightedBackend(new Backend.Invalid("checkout-v2", "no Service checkout-v2 in namespace shop"), 1);
        RouteTable table =
                table(edge(frontend("shop", rule(prefix("/none"), share("v1", 0)), rule(prefix("/"), invalid))));

        assertThat(at(table, "shop", "/none")).isEqualTo("no-backend");
        assertThat(table.routeEdge(TextHead.get("shop", "/"), 0))
                .isInstanceOfSatisfying(Routing.Refusal.class, refusal -> {
                    assertThat(refusal.error().code()).isEqualTo("backend-invalid");
                    assertThat(refusal.reason())
                            .isEqualTo("Backend checkout-v2 of Mapping default/checkout-v2: "
                                    + "no Service checkout-v2 in namespace shop");
                });
    }

    @Test
    void letsTheMeshFrontendDecideWhatADelegateLeavesToIt() {
        RouteFilter rewrite = new RouteFilter.RewritePrefix("/shop/", "/");
        RouteTable table = table(snapshot(
                List.of(frontend("shop", rule(prefix("/shop/"), List.of(rewrite), delegate("cart")))),
                Map.of(
                        service("cart"),
                        frontend("cart", rule(prefix("/new"), to("cart-v2")), rule(prefix("/"), to("cart-v1"))))));

        assertThat(at(table, "shop", "/shop/new")).isEqualTo("cart-v2");
        assertThat(table.routeEdge(TextHead.get("shop", "/shop/old"), 0))
                .isInstanceOfSatisfying(Routing.Forward.class, forward -> {
                    assertThat(forward.servicePort()).isEqualTo(service("cart-v1"));
                    assertThat(forward.route().rule().name()).isEqualTo("cart");
                    assertThat(forward.delegates())
                            .extracting(route -> route.rule().name())
                            .containsExactly("cart-v1");
                    assertThat(forward.edits().rewritten("/shop/old")).isEqualTo("/old");
                });
    }

    @Test
    void refusesDelegatesThatGoInACircle() {
        RouteTable table = table(snapshot(
                List.of(frontend("shop", rule(prefix("/"), delegate("a")))),
                Map.of(
                        service("a"), frontend("a", rule(prefix("/"), delegate("b"))),
                        service("b"), frontend("b", rule(prefix("/"), delegate("a"))))));

        assertThat(at(table, "shop")).isEqualTo("backend-invalid");
    }

    @Test
    void namesForEachRuleTheConditionThatFailed() {
        RouteTable table = table(edge(frontend(
                "shop",
                rule(path(new PathMatch.Exact("/cart")), to("cart")),
                rule(header("x-user", "rob"), to("rob")),
                rule(new Match(new PathMatch.Prefix("/"), Set.of("POST", "PUT"), List.of()), to("write")))));
        TextHead head = TextHead.get("shop", "/other").header("x-user", "secret");

        assertThat(table.edge(head).orElseThrow().nearMisses(head, 10))
                .containsExactly(
                        new NearMiss("cart", "Mapping default/cart", "path /other is not /cart"),
                        new NearMiss("rob", "Mapping default/rob", "header x-user = rob does not hold"),
                        new NearMiss("write", "Mapping default/write", "method GET is not POST, PUT"));
    }

    @Test
    void keepsTheIndexOfAFrontendThatDidNotChange() {
        Snapshot first = edge(frontend("a", rule(prefix("/"), to("a"))), frontend("b", rule(prefix("/"), to("b"))));
        Snapshot second = edge(frontend("a", rule(prefix("/"), to("a"))), frontend("b", rule(prefix("/"), to("c"))));
        RouteTable before = table(first);
        RouteTable after = before.next(second, 2, new SplittableRandom(2));

        TextHead a = TextHead.get("a", "/");
        assertThat(after.edge(a).orElseThrow()).isSameAs(before.edge(a).orElseThrow());
        assertThat(at(after, "b")).isEqualTo("c");
    }

    private static Match randomMatch(Random random) {
        String path = randomPath(random);
        PathMatch match = switch (random.nextInt(5)) {
            case 0 -> new PathMatch.Exact(path);
            case 1 -> new PathMatch.Prefix(path);
            case 2 -> new PathMatch.ElementPrefix(path);
            case 3 -> new PathMatch.Regex(path + ".*", random.nextBoolean());
            default -> new PathMatch.Regex("^" + path + "?[ab]|/c", random.nextBoolean());
        };
        return new Match(match, random.nextInt(4) == 0 ? Set.of("PUT") : Set.of(), List.of());
    }

    private static String randomPath(Random random) {
        StringBuilder path = new StringBuilder("/");
        int length = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            path.append("ab/".charAt(random.nextInt(3)));
        }
        return path.toString();
    }

    private static String at(RouteTable table, String authority) {
        return at(table, authority, "/");
    }

    private static String at(RouteTable table, String authority, String path) {
        return destination(table.routeEdge(TextHead.get(authority, path), 0));
    }
}
