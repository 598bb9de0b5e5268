package dev.weft.runtime.pod;

import dev.weft.runtime.image.LocalImages;
import dev.weft.runtime.logs.PodLogs;
import dev.weft.runtime.process.MemoryWatcher;
import dev.weft.runtime.volume.Volumes;
import dev.weft.runtime.wire.Wire;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.ToIntFunction;

/**
 * What every pod's life needs.
 *
 * @param drain between leaving the endpoints and SIGTERM, so that no proxy still sends requests
 * @param underWay how many requests a pod has to answer still, by {@code namespace/name}; SIGTERM waits for them
 */
public record PodParts(
        LocalImages images,
        Wire wire,
        InstanceTable instances,
        Environment environment,
        Volumes volumes,
        PodLogs logs,
        Events events,
        Duration drain,
        ToIntFunction<String> underWay,
        RunAs runAs,
        MemoryWatcher memory,
        InstantSource clock) {}
