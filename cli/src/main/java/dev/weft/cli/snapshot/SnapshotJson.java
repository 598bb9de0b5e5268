package dev.weft.cli.snapshot;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.weft.model.policy.Balancing;
import dev.weft.model.traffic.Backend;
import dev.weft.model.traffic.EdgeListener;
import dev.weft.model.traffic.HeaderMatch;
import dev.weft.model.traffic.PathMatch;
import dev.weft.model.traffic.QueryMatch;
import dev.weft.model.traffic.RouteFilter;
import dev.weft.model.traffic.ServerCertificate;
import dev.weft.model.traffic.ServicePort;
import dev.weft.model.traffic.Snapshot;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * A snapshot as one line of JSON. The verdicts stay at home: they are for people, and the API has them in each
 * resource's status. Service ports are written in their own short form where they are keys; of a choice, the type's
 * simple name stands in {@code @type}.
 */
public final class SnapshotJson {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addMixIn(Backend.class, Choice.class)
            .addMixIn(Balancing.class, Choice.class)
            .addMixIn(Balancing.HashKey.class, Choice.class)
            .addMixIn(HeaderMatch.class, Choice.class)
            .addMixIn(PathMatch.class, Choice.class)
            .addMixIn(QueryMatch.class, Choice.class)
            .addMixIn(RouteFilter.class, Choice.class)
            .addModule(new SimpleModule().addKeyDeserializer(ServicePort.class, new ServicePortKey()))
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();

    private SnapshotJson() {}

    /** Names which of a sealed interface's records an object is. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
    private interface Choice {}

    private static final class ServicePortKey extends KeyDeserializer {
        @Override
        public Object deserializeKey(String key, DeserializationContext context) {
            return ServicePort.parse(key);
        }
    }

    /** Whether the private keys of the edge's certificates are written. */
    public enum Keys {
        INCLUDED,
        LEFT_OUT
    }

    /** Without a line break. */
    public static String write(Snapshot snapshot, Keys keys) {
        List<EdgeListener> edge = switch (keys) {
            case INCLUDED -> snapshot.edge();
            case LEFT_OUT ->
                snapshot.edge().stream().map(SnapshotJson::withoutKeys).toList();
        };
        return MAPPER.writeValueAsString(new Snapshot(
                snapshot.version(),
                edge,
                snapshot.edgeFrontends(),
                snapshot.meshFrontends(),
                snapshot.groups(),
                snapshot.instances(),
                snapshot.access(),
                snapshot.limits(),
                snapshot.edgeRules(),
                List.of(),
                snapshot.meshHeads()));
    }

    /**
     * Reads {@link #write} back.
     *
     * @throws IllegalArgumentException when the line is something else
     */
    public static Snapshot read(String line) {
        try {
            return MAPPER.readValue(line, Snapshot.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("snapshot: " + e.getOriginalMessage(), e);
        }
    }

    private static EdgeListener withoutKeys(EdgeListener listener) {
        return listener.with(listener.certificates().stream()
                .map(certificate ->
                        new ServerCertificate(certificate.host(), certificate.chainPem(), "", certificate.policy()))
                .toList());
    }
}
