package dev.weft.runtime.logs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of all pods under one folder: {@code NAMESPACE/POD/current.log}, {@code previous.log} of the run before, and
 * {@code current.1.log} when the current one had grown over its limit; of a pod's further containers in {@code
 * NAMESPACE/POD/CONTAINER/}.
 */
public final class LogFiles {

    private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);

    private final Path folder;
    private final long bytesMax;
    private final InstantSource clock;
    private final Map<Path, LogFile> open = new ConcurrentHashMap<>();

    /** Keeps at most two files of {@code bytesMax} for each run. */
    public LogFiles(Path folder, long bytesMax, InstantSource clock) {
        this.folder = folder;
        this.bytesMax = bytesMax;
        this.clock = clock;
    }

    /** Begins the log of a new run and copies the program's output into it until that ends. */
    public LogFile record(String namespace, String pod, InputStream output) throws IOException {
        return record(place(namespace, pod), pod, output);
    }

    /** The same for a container that is not the pod's first. */
    public LogFile record(String namespace, String pod, String container, InputStream output) throws IOException {
        return record(place(namespace, pod, container), pod, output);
    }

    private LogFile record(Path place, String pod, InputStream output) throws IOException {
        Files.createDirectories(place);
        Path current = place.resolve("current.log");
        if (Files.exists(current)) {
            Files.move(current, place.resolve("previous.log"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        LogFile log = new LogFile(current, bytesMax, clock);
        LogFile old = open.put(place, log);
        if (old != null) {
            old.close();
        }
        Thread.ofPlatform()
                .name("log-" + pod)
                .daemon(true)
                .stackSize(128 << 10) // a blocking read on a pipe would hold a carrier of virtual threads
                .start(() -> log.copy(output));
        return log;
    }

    /** Opens a pod's log; empty when it has printed nothing or is unknown. Close the reader after use. */
    public Optional<LogReader> read(String namespace, String pod, LogQuery query) {
        return read(place(namespace, pod), query);
    }

    /** The same of one container; empty when there is none of that name, or it has printed nothing. */
    public Optional<LogReader> read(String namespace, String pod, String container, LogQuery query) {
        Path place = place(namespace, pod, container);
        return read(open.containsKey(place) || Files.isDirectory(place) ? place : place(namespace, pod), query);
    }

    private Optional<LogReader> read(Path place, LogQuery query) {
        LogFile live = query.previous() ? null : open.get(place);
        Path file = place.resolve(query.previous() ? "previous.log" : "current.log");
        if (live == null && !Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(new LogReader(file, Optional.ofNullable(live), query));
    }

    /** Ends following readers and deletes the files of a pod that is gone. */
    public void forget(String namespace, String pod) {
        Path place = place(namespace, pod);
        open.entrySet().removeIf(each -> {
            boolean its = each.getKey().startsWith(place);
            if (its) {
                each.getValue().close();
            }
            return its;
        });
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.debug("the log of {}/{} was not deleted", namespace, pod, e);
        }
    }

    private Path place(String namespace, String pod, String container) {
        Path place = place(namespace, pod);
        Path own = place.resolve(container).normalize();
        if (!place.equals(own.getParent())) {
            throw new IllegalArgumentException("not a container's name: " + container);
        }
        return own;
    }

    private Path place(String namespace, String pod) {
        Path place = folder.resolve(namespace).resolve(pod).normalize();
        if (!place.startsWith(folder) || place.getNameCount() != folder.getNameCount() + 2) {
            throw new IllegalArgumentException("not a pod's name: " + namespace + "/" + pod);
        }
        return place;
    }
}
