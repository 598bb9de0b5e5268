package dev.weft.runtime.pod;

import dev.weft.runtime.image.LocalImages;
import dev.weft.runtime.logs.LogFiles;
import dev.weft.runtime.process.Cgroups;
import dev.weft.runtime.process.MemoryWatcher;
import dev.weft.runtime.spare.ProcessStarts;
import dev.weft.runtime.spare.Spares;
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
        LogFiles logs,
        Events events,
        Duration drain,
        ToIntFunction<String> underWay,
        RunAs runAs,
        Cgroups cgroups,
        MemoryWatcher memory,
        Spares spares,
        ProcessStarts starts,
        InstantSource clock) {}
