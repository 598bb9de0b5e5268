package dev.weft.resources.emissary;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.util.List;

/** A receiver of access logs over Envoy's gRPC service. Known, so that manifests with it apply; nothing is sent to it. */
public record LogService(Resource resource) {

    public static Read<LogService> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static LogService of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            spec.inert("ambassador_id", "stats_name", "grpc");
            spec.word("driver", List.of("tcp", "http"));
            spec.word("protocol_version", List.of("v2", "v3"));
            if (!spec.has("service")) {
                spec.missing("service", "NAME");
            }
            spec.noEffect(
                    "access logs go to a file or to standard output, not over Envoy's gRPC service.",
                    "Start weft with --access-log json, and have the collector read that.",
                    "service");
            spec.noEffect(
                    "nothing is sent to this service.",
                    "Name headers in --access-log-format.",
                    "driver_config",
                    "flush_interval_time",
                    "flush_interval_byte_size");
            return new LogService(resource);
        });
    }
}
