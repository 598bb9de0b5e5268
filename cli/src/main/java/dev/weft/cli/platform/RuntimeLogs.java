package dev.weft.cli.platform;

import dev.weft.apiserver.rest.PodLogs;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import dev.weft.resources.ResourceStore;
import dev.weft.runtime.logs.LogFiles;
import dev.weft.runtime.logs.LogLine;
import dev.weft.runtime.logs.LogQuery;
import dev.weft.runtime.logs.LogReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Stream;

/** Introduces the runtime's logs to the API. */
record RuntimeLogs(LogFiles logs, ResourceStore store) implements PodLogs {

    @Override
    public boolean copy(Request request, OutputStream out) throws IOException {
        if (unknown(request)) {
            return false;
        }
        LogQuery query = new LogQuery(
                request.previous(), request.follow(), request.tailLines().orElse(-1), request.since());
        Optional<LogReader> opened = request.container().isEmpty()
                ? logs.read(request.namespace(), request.pod(), query)
                : logs.read(request.namespace(), request.pod(), request.container(), query);
        if (opened.isEmpty()) {
            return false;
        }
        try (LogReader reader = opened.get()) {
            long left = request.bytesMax().orElse(Long.MAX_VALUE);
            while (left > 0) { // asked first: a follower would wait for a line that nobody is to see
                Optional<LogLine> line = reader.next();
                if (line.isEmpty()) {
                    break;
                }
                byte[] bytes = printed(line.get(), request.timestamps());
                int count = (int) Math.min(left, bytes.length);
                out.write(bytes, 0, count);
                left -= count;
                if (request.follow()) {
                    out.flush();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    private static byte[] printed(LogLine line, boolean timestamp) {
        String text = timestamp ? line.time() + " " + line.text() + "\n" : line.text() + "\n";
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the pod has no container of that name; a pod's first one has its log where the pod has it. */
    private boolean unknown(Request request) {
        Optional<Resource> pod = store.get(Kinds.POD.key(request.namespace(), request.pod()));
        return !request.container().isEmpty()
                && pod.isPresent()
                && Stream.of("containers", "initContainers")
                        .flatMap(list -> pod.get().at("/spec/" + list).valueStream())
                        .noneMatch(each -> each.path("name").asString("").equals(request.container()));
    }
}
