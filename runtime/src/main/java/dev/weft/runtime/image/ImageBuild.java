package dev.weft.runtime.image;

import dev.weft.runtime.logs.LogFile;
import dev.weft.runtime.logs.LogFiles;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.process.Spawner;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs build commands, as the developer would: with the environment of the platform, and their log kept. */
public final class ImageBuild implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImageBuild.class);

    private final Spawner spawner;
    private final LogFiles logs;
    private final Set<RunningProcess> running = ConcurrentHashMap.newKeySet();

    /** Keeps the log of a build in {@code logs}, as of a "pod" {@code builds/IMAGE}. */
    public ImageBuild(Spawner spawner, LogFiles logs) {
        this.spawner = spawner;
        this.logs = logs;
    }

    void run(String image, ImagePlan.Build build) throws ImageProblem, InterruptedException {
        LOG.info("building {}: {}", image, String.join(" ", build.command()));
        try {
            Map<String, String> environment = System.getenv();
            RunningProcess process = spawner.start(build.command(), environment, build.directory(), () -> {});
            LogFile log = logs.record("builds", image, process.output());
            running.add(process);
            int code = await(process);
            running.remove(process);
            log.awaitEnd(Duration.ofSeconds(1));
            if (code != 0) {
                throw failed(
                        image, build, "ended with exit code " + code + ":\n" + String.join("\n", log.newestLines()));
            }
        } catch (IOException e) {
            throw failed(image, build, String.valueOf(e.getMessage()));
        }
    }

    /** Ends the builds that run. */
    @Override
    public void close() {
        running.forEach(RunningProcess::kill);
    }

    private static int await(RunningProcess process) throws InterruptedException {
        try {
            return process.exit().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a process's end cannot fail", e);
        } catch (InterruptedException e) {
            process.kill();
            throw e;
        }
    }

    private static ImageProblem failed(String image, ImagePlan.Build build, String how) {
        return new ImageProblem(
                "BuildFailed",
                "LocalImage " + image + ": the build command " + build.command() + " in " + build.directory() + " "
                        + how);
    }
}
