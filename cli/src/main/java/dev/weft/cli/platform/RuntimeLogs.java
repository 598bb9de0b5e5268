package dev.weft.cli.platform;

import dev.weft.apiserver.rest.PodLogs;
import dev.weft.runtime.logs.LogLine;
import dev.weft.runtime.logs.LogQuery;
import dev.weft.runtime.logs.LogReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/** Introduces the runtime's logs to the API. */
final class RuntimeLogs implements PodLogs {

    private volatile Optional<dev.weft.runtime.logs.PodLogs> logs = Optional.empty();

    /** The API is up before the runtime is; until this call no pod has a log. */
    void use(dev.weft.runtime.logs.PodLogs newLogs) {
        logs = Optional.of(newLogs);
    }

    @Override
    public boolean copy(Request request, OutputStream out) throws IOException {
        LogQuery query = new LogQuery(
                request.previous(), request.follow(), request.tailLines().orElse(-1), Instant.EPOCH);
        Optional<LogReader> opened = logs.flatMap(known -> known.read(request.namespace(), request.pod(), query));
        if (opened.isEmpty()) {
            return false;
        }
        try (LogReader reader = opened.get()) {
            for (Optional<LogLine> line = reader.next(); line.isPresent(); line = reader.next()) {
                out.write((line.get().text() + "\n").getBytes(StandardCharsets.UTF_8));
                if (request.follow()) {
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }
}
