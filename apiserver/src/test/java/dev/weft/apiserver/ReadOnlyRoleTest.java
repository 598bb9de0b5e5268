package dev.weft.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.apiserver.RunningApi.Answer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A role that allows only reads, against every path that discovery tells of: whatever is served anew is in it. */
class ReadOnlyRoleTest extends ApiTest {

    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    /** Parts of Kubernetes' API that write and that no discovery document here has. */
    private static final Set<String> UNDECLARED =
            Set.of("attach", "binding", "proxy", "ephemeralcontainers", "resize", "approval", "status", "scale");

    /** Those that change something by whatever method they are asked. */
    private static final Set<String> STREAMED = Set.of("exec", "attach", "portforward");

    /** What everybody may ask about themselves. */
    private static final Set<String> OWN_QUESTIONS =
            Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");

    private static final Set<String> READ = Set.of("get", "list", "watch");

    /** All that roles can name, and one that means all of it. */
    private static final List<String> READ_AND_OTHER = List.of(
            "get list watch create update patch delete deletecollection impersonate bind escalate *".split(" ", -1));

    private static final List<String> PATCHES = List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json",
            "application/apply-patch+yaml");

    /** What discovery says of a kind in a version. */
    private record Served(String root, String plural, boolean namespaced, Set<String> verbs, Set<String> subresources) {

        String group() {
            String[] parts = root.split("/", -1);
            return parts[1].equals("api") ? "" : parts[2];
        }

        List<String> collections() {
            return namespaced ? List.of(root + plural, root + "namespaces/default/" + plural) : List.of(root + plural);
        }

        String one() {
            return collections().getLast() + "/some";
        }
    }

    private Grantee grantee;
    private RunningApi reader;

    @BeforeEach
    void bindTheReader() throws Exception {
        Till.define(api);
        grantee = new Grantee(api);
        grantee.grant(Grantee.READS);
        reader = grantee.asks();
        assertThat(api.post(
                                MAPS,
                                "{'apiVersion': 'v1', 'kind': 'ConfigMap', 'metadata': {'name': 'some'}, 'data': {'a': 'b'}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void writesNothingByAnyPathOrMethod() throws Exception {
        List<String> let = new ArrayList<>();
        for (Served kind : served()) {
            for (String collection : kind.collections()) {
                if (!OWN_QUESTIONS.contains(kind.plural())) {
                    expectRefused("POST", collection, "create", let);
                }
                expectRefused("DELETE", collection, "deletecollection", let);
                expectRefused("DELETE", collection + "?fieldSelector=metadata.name%3Dsome", "deletecollection", let);
                expectRefused("PUT", collection, "update", let);
                expectRefused("PATCH", collection, "patch", let);
            }
            expectAllRefused(kind.one(), let);
            for (String part : kind.subresources()) {
                expectAllRefused(kind.one() + "/" + part, let);
            }
            for (String part : UNDECLARED) {
                if (!kind.plural().equals("namespaces") && !kind.subresources().contains(part)) { // there: a plural
                    expectRefused("POST", kind.one() + "/" + part, "create", let);
                }
            }
        }

        assertThat(let).isEmpty();
        assertThat(api.get(MAPS + "/some").json().at("/data/a").asString("")).isEqualTo("b");
    }

    @Test
    void readsEveryKind() throws Exception {
        List<String> refused = new ArrayList<>();
        for (Served kind : served()) {
            if (!kind.verbs().contains("list")) {
                continue; // a question
            }
            for (String collection : kind.collections()) {
                expect(200, collection, refused);
                if (kind.verbs().contains("watch")) {
                    expect(200, collection + "?watch=true&timeoutSeconds=0&labelSelector=none", refused);
                }
            }
            boolean there = kind.plural().equals("configmaps");
            expect(there ? 200 : 404, kind.one(), refused);
            for (String part : kind.subresources()) {
                if (Set.of("status", "scale").contains(part)) {
                    expect(404, kind.one() + "/" + part, refused);
                }
            }
        }

        assertThat(refused).isEmpty();
        assertThat(reader.get("/api/v1/namespaces/default/pods/talker/log").status())
                .isEqualTo(200);
    }

    @Test
    void isToldOfEveryVerbWhatHolds() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (Served kind : served()) {
            for (String verb : READ_AND_OTHER) {
                boolean own = verb.equals("create") && OWN_QUESTIONS.contains(kind.plural());
                if (isAllowed(verb, kind.group(), kind.plural()) != (READ.contains(verb) || own)) {
                    wrong.add(verb + " " + kind.root() + kind.plural());
                }
            }
        }

        assertThat(wrong).isEmpty();
    }

    @Test
    void servesEveryVerbThatDiscoveryTellsOf() throws Exception {
        List<String> absent = new ArrayList<>();
        for (Served kind : served()) {
            for (String verb : kind.verbs()) {
                String path = List.of("create", "list", "deletecollection").contains(verb)
                        ? kind.collections().getLast()
                        : kind.one();
                String method = switch (verb) {
                    case "create" -> "POST";
                    case "update" -> "PUT";
                    case "patch" -> "PATCH";
                    case "delete", "deletecollection" -> "DELETE";
                    default -> "GET";
                };
                String query = verb.equals("watch") ? "?watch=true&timeoutSeconds=0&labelSelector=none" : "?dryRun=All";
                int status = api.send(method, path + query, method.equals("GET") ? "" : "{}")
                        .status();
                if (status == 405 || status == 501 || status >= 500) {
                    absent.add(status + " " + method + " " + path);
                }
            }
        }

        assertThat(absent).isEmpty();
    }

    @Test
    void withoutItATokenReadsNothing() throws Exception {
        grantee.lose();
        List<String> let = new ArrayList<>();
        for (Served kind : served()) {
            for (String path : Stream.concat(kind.collections().stream(), Stream.of(kind.one()))
                    .toList()) {
                String verb = path.equals(kind.one()) ? "get" : "list";
                expectRefused("GET", path, verb, let);
                expectRefused("GET", path + "?watch=true&timeoutSeconds=0", "watch", let);
            }
        }

        assertThat(let).isEmpty();
        for (String path : List.of("/metrics", "/weft/v1/backup", "/logs", "/debug/pprof", "/api/v1/watch/secrets")) {
            assertThat(reader.get(path).status()).as(path).isIn(403, 404);
        }
    }

    private boolean isAllowed(String verb, String group, String resource) throws Exception {
        return reader.post(
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", """
                        {'apiVersion': 'authorization.k8s.io/v1', 'kind': 'SelfSubjectAccessReview', 'spec':
                         {'resourceAttributes': {'verb': '%s', 'group': '%s', 'resource': '%s'}}}
                        """.formatted(verb, group, resource))
                .json()
                .at("/status/allowed")
                .asBoolean(!READ.contains(verb));
    }

    private void expect(int status, String path, List<String> others) throws Exception {
        int found = reader.get(path).status();
        if (found != status) {
            others.add(found + " " + path);
        }
    }

    /** By every method that could change something. */
    private void expectAllRefused(String path, List<String> let) throws Exception {
        boolean streamed = STREAMED.contains(path.substring(path.lastIndexOf('/') + 1));
        expectRefused("POST", path, "create", let);
        expectRefused("PUT", path, streamed ? "create" : "update", let);
        expectRefused("PATCH", path, streamed ? "create" : "patch", let);
        expectRefused("DELETE", path, streamed ? "create" : "delete", let);
        if (streamed) {
            expectRefused("GET", path + "?command=ls&stdin=true", "create", let);
        }
    }

    /** By every type of patch, and whatever else the query says. */
    private void expectRefused(String method, String path, String verb, List<String> let) throws Exception {
        List<String> types = method.equals("PATCH") ? PATCHES : List.of("application/json");
        for (String type : types) {
            boolean plain = path.contains("?") || method.equals("GET") || method.equals("PATCH");
            String also = plain ? path : path + "?watch=true&dryRun=All";
            for (String asked : new LinkedHashSet<>(List.of(path, also))) {
                Answer answer = reader.send(method, asked, method.equals("GET") ? "" : "{}", "Content-Type", type);
                boolean refused = answer.status() == 403
                        && answer.json().path("message").asString("").contains(" cannot " + verb + " resource ");
                if (!refused) {
                    let.add(answer.status() + " " + method + " " + asked + " " + type + " "
                            + answer.json().path("message").asString(""));
                }
            }
        }
    }

    private List<Served> served() throws Exception {
        List<Served> served = new ArrayList<>();
        for (String root : List.of("/api", "/apis")) {
            for (JsonNode group : reader.getAs(AGGREGATED, root).json().path("items")) {
                String name = group.at("/metadata/name").asString("");
                for (JsonNode version : group.path("versions")) {
                    String below = root + (name.isEmpty() ? "/" : "/" + name + "/")
                            + version.path("version").asString("") + "/";
                    version.path("resources").forEach(kind -> served.add(kind(below, kind)));
                }
            }
        }
        assertThat(served).hasSizeGreaterThan(50);
        assertThat(served).anyMatch(kind -> kind.plural().equals("tills"));
        return served;
    }

    private static Served kind(String root, JsonNode kind) {
        Set<String> verbs = new LinkedHashSet<>();
        kind.path("verbs").forEach(verb -> verbs.add(verb.asString("")));
        Set<String> subresources = new LinkedHashSet<>();
        kind.path("subresources")
                .forEach(part -> subresources.add(part.path("subresource").asString("")));
        boolean namespaced = kind.path("scope").asString("").equals("Namespaced");
        return new Served(root, kind.path("resource").asString(""), namespaced, verbs, subresources);
    }
}
