package dev.weft.resources.smi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Kind;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is written in one version of SMI reads the same in it, whatever versions it passed through. */
class ConversionTest {

    private static final int DOCUMENTS = 200;

    record Pair(Kind kind, String written, String read) {
        @Override
        public String toString() {
            return kind.kind() + " " + written + " by way of " + read;
        }
    }

    static Stream<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (Kind kind : List.of(Kinds.TRAFFIC_SPLIT, Kinds.TRAFFIC_TARGET, Kinds.HTTP_ROUTE_GROUP, Kinds.TCP_ROUTE)) {
            List<String> versions = versions(kind);
            versions.forEach(written -> versions.forEach(read -> pairs.add(new Pair(kind, written, read))));
        }
        return pairs.stream();
    }

    private static List<String> versions(Kind kind) {
        List<String> all = List.of("v1alpha1", "v1alpha2", "v1alpha3", "v1alpha4");
        return all.subList(0, all.indexOf(kind.version()) + 1);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void readsBackAsItWasWritten(Pair pair) {
        Random random = new Random(pair.toString().hashCode());
        for (int i = 0; i < DOCUMENTS; i++) {
            ObjectNode written = document(pair.kind(), pair.written(), random);

            ObjectNode stored = Conversion.to(pair.kind(), written, pair.kind().version());
            ObjectNode other = Conversion.to(pair.kind(), stored, pair.read());
            ObjectNode storedAgain =
                    Conversion.to(pair.kind(), other, pair.kind().version());

            assertThat(plain(Conversion.to(pair.kind(), stored, pair.written())))
                    .isEqualTo(plain(written));
            assertThat(plain(storedAgain)).isEqualTo(plain(stored));
            assertThat(plain(Conversion.to(pair.kind(), storedAgain, pair.written())))
                    .isEqualTo(plain(written));
        }
    }

    @Test
    void saysThatThePortOfAnOldTargetHasNoEffect() {
        ObjectNode written = json("""
                {"apiVersion": "access.smi-spec.io/v1alpha1", "kind": "TrafficTarget",
                 "metadata": {"name": "a", "namespace": "default"},
                 "destination": {"kind": "ServiceAccount", "name": "b", "port": 80},
                 "specs": [{"kind": "TCPRoute", "name": "c"}], "sources": [{"kind": "ServiceAccount", "name": "d"}]}""");

        ObjectNode stored = Conversion.to(Kinds.TRAFFIC_TARGET, written, Kinds.TRAFFIC_TARGET.version());

        assertThat(TrafficTarget.read(new Resource(Kinds.TRAFFIC_TARGET, stored))
                        .problems())
                .singleElement()
                .asString()
                .contains("destination.port of v1alpha1 has no effect");
    }

    @Test
    void splitsReadTheirQuantitiesBackAndTheirProportionsInNewerVersions() {
        ObjectNode written = json("""
                {"apiVersion": "split.smi-spec.io/v1alpha1", "kind": "TrafficSplit", "metadata": {"name": "a"},
                 "spec": {"service": "web", "backends": [
                   {"service": "one", "weight": "1"}, {"service": "two", "weight": "500m"}]}}""");

        ObjectNode newest = Conversion.to(Kinds.TRAFFIC_SPLIT, written, "v1alpha4");

        assertThat(newest.at("/spec/backends/0/weight").asInt()).isEqualTo(1000);
        assertThat(newest.at("/spec/backends/1/weight").asInt()).isEqualTo(500);
        assertThat(newest.at("/metadata/annotations").propertyNames()).containsExactly("conversion.weft.dev/v1alpha1");
    }

    @Test
    void whatAVersionCannotSayStaysWhenTheRestIsChangedInIt() {
        ObjectNode written = json("""
                {"apiVersion": "split.smi-spec.io/v1alpha4", "kind": "TrafficSplit", "metadata": {"name": "a"},
                 "spec": {"service": "web", "matches": [{"kind": "HTTPRouteGroup", "name": "fox"}],
                   "backends": [{"service": "one", "weight": 1}]}}""");
        ObjectNode old = Conversion.to(Kinds.TRAFFIC_SPLIT, written, "v1alpha2").deepCopy();
        assertThat(old.at("/spec").has("matches")).isFalse();

        old.withObject("/spec/backends/0").put("weight", 7);
        ObjectNode newest = Conversion.to(Kinds.TRAFFIC_SPLIT, old, "v1alpha4");

        assertThat(newest.at("/spec/backends/0/weight").asInt()).isEqualTo(7);
        assertThat(newest.at("/spec/matches/0/name").asString()).isEqualTo("fox");
        assertThat(newest.at("/metadata").has("annotations")).isFalse();
    }

    @Test
    void targetsMoveBelowSpecAndKeepThePortOfOlderVersions() {
        ObjectNode written = json("""
                {"apiVersion": "access.smi-spec.io/v1alpha1", "kind": "TrafficTarget", "metadata": {"name": "a"},
                 "destination": {"kind": "ServiceAccount", "name": "b", "port": 8080},
                 "specs": [{"kind": "TCPRoute", "name": "c"}], "sources": [{"kind": "ServiceAccount", "name": "d"}]}""");

        ObjectNode newest = Conversion.to(Kinds.TRAFFIC_TARGET, written, "v1alpha3");
        ObjectNode changed = newest.deepCopy();
        changed.withObject("/spec/destination").put("name", "other");
        ObjectNode oldest = Conversion.to(Kinds.TRAFFIC_TARGET, changed, "v1alpha1");

        assertThat(newest.propertyNames()).doesNotContain("destination", "specs", "sources");
        assertThat(newest.at("/spec/rules/0/name").asString()).isEqualTo("c");
        assertThat(newest.at("/spec/destination").has("port")).isFalse();
        assertThat(oldest.at("/destination/name").asString()).isEqualTo("other");
        assertThat(oldest.at("/destination/port").asInt()).isEqualTo(8080);
    }

    @Test
    void aBrokenAnnotationIsNoAnnotation() {
        ObjectNode stored = json("""
                {"apiVersion": "split.smi-spec.io/v1alpha4", "kind": "TrafficSplit",
                 "metadata": {"name": "a", "annotations": {"conversion.weft.dev/v1alpha1": "{"}},
                 "spec": {"service": "web", "backends": [{"service": "one", "weight": 1}]}}""");

        ObjectNode oldest = Conversion.to(Kinds.TRAFFIC_SPLIT, stored, "v1alpha1");

        assertThat(oldest.at("/spec")).isEqualTo(stored.at("/spec"));
        assertThat(oldest.at("/metadata").has("annotations")).isFalse();
    }

    /** A document with everything that somebody might have written in that version, odd things included. */
    private static ObjectNode document(Kind kind, String version, Random random) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("apiVersion", kind.group() + "/" + version).put("kind", kind.kind());
        json.putObject("metadata").put("name", "a");
        if (random.nextBoolean()) {
            json.withObject("/metadata/annotations").put("note", "mine");
        }
        boolean top = random.nextInt(4) == 0 || version.equals("v1alpha1");
        switch (kind.kind()) {
            case "TrafficSplit" -> split(json.putObject("spec"), random);
            case "TrafficTarget" -> target(top ? json : json.putObject("spec"), random);
            case "HTTPRouteGroup" -> group(top ? json : json.putObject("spec"), random);
            default -> ports(json, random);
        }
        if (random.nextInt(3) == 0) {
            json.putObject("status").put("seen", true);
        }
        if (random.nextInt(5) == 0) {
            json.put("odd", 1);
            json.withObject("/spec").put("odder", 2.5);
        }
        return json;
    }

    private static void split(ObjectNode spec, Random random) {
        spec.put("service", "web");
        ArrayNode backends = spec.putArray("backends");
        for (int i = random.nextInt(4); i >= 0; i--) {
            ObjectNode backend = backends.addObject().put("service", "web-" + i);
            switch (random.nextInt(5)) {
                case 0 -> backend.put("weight", random.nextInt(100) + "m");
                case 1 -> backend.put("weight", Integer.toString(random.nextInt(5)));
                case 2 -> backend.put("weight", 0.5);
                case 3 -> backend.put("weight", "heavy");
                default -> backend.put("weight", random.nextInt(100));
            }
        }
        if (random.nextBoolean()) {
            spec.putArray("matches").addObject().put("kind", "HTTPRouteGroup").put("name", "fox");
        }
    }

    private static void target(ObjectNode body, Random random) {
        ObjectNode destination = body.putObject("destination").put("kind", "ServiceAccount");
        destination.put("name", "b" + random.nextInt(3));
        switch (random.nextInt(3)) {
            case 0 -> destination.put("port", 8080);
            case 1 -> destination.put("port", "8080");
            default -> {}
        }
        String rules = random.nextBoolean() ? "rules" : "specs";
        body.putArray(rules).addObject().put("kind", "TCPRoute").put("name", "c");
        if (random.nextInt(5) == 0) {
            body.putArray("specs").addObject().put("kind", "TCPRoute").put("name", "d");
        }
        body.putArray("sources").addObject().put("kind", "ServiceAccount").put("name", "e");
    }

    private static void group(ObjectNode body, Random random) {
        ArrayNode matches = body.putArray("matches");
        for (int i = random.nextInt(3); i >= 0; i--) {
            ObjectNode match = matches.addObject().put("name", "m" + i).put("pathRegex", "/" + i);
            if (random.nextBoolean()) {
                match.putObject("headers").put("user-agent", ".*");
            } else if (random.nextBoolean()) {
                match.putArray("headers").addObject().put("user-agent", ".*");
            }
        }
    }

    private static void ports(ObjectNode json, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> json.putObject("spec");
            case 1 -> json.putObject("spec").putObject("matches").putArray("ports");
            case 2 ->
                json.putObject("spec").putObject("matches").putArray("ports").add(random.nextInt(9000));
            default -> {}
        }
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }

    private static ObjectNode plain(ObjectNode document) {
        return json(document.toString());
    }
}
