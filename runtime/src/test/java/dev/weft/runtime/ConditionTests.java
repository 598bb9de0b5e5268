package dev.weft.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.resources.Change;
import dev.weft.resources.Kinds;
import dev.weft.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conditions follow from their cause, and not from a look that comes round: nothing is due here for five minutes, and nobody
 * waits that long.
 */
class ConditionTests {

    @TempDir
    private Path folder;

    private Machine machine;

    /** What a watcher sees of the two conditions, in order, among what the test does. */
    private final List<String> story = new CopyOnWriteArrayList<>();

    private final Map<String, String> told = new HashMap<>();

    @BeforeEach
    void start() throws Exception {
        machine = new Machine(folder);
        machine.image("sleeper", "sh", "-c", "echo up; exec sleep 1000");
        machine.store.watch(Kinds.POD, change -> note(change, "Ready"));
        machine.store.watch(Kinds.DEPLOYMENT, change -> note(change, "Available"));
    }

    @AfterEach
    void stop() {
        machine.close();
    }

    @Test
    void aWatcherIsToldOfReadinessAndOfWhatFollowsAtOnce() throws Exception {
        Path answers = fifo();
        machine.deployment("quick", 1, "sleeper", """
                'readinessProbe': {'exec': {'command': ['sh', '-c', 'read answer < %s; test x$answer = xyes']},
                 'timeoutSeconds': 300, 'periodSeconds': 300}""".formatted(answers));
        Machine.await("unready and unavailable", () -> story.containsAll(List.of("Ready False", "Available False")));

        story.add("the probe is answered");
        Files.writeString(answers, "yes\n"); // waits for the probe to read

        Machine.await("available", () -> story.contains("Available True"));
        assertThat(since("the probe is answered")).containsExactly("Ready True", "Available True");

        story.add("the program is killed");
        kill(machine.pods().getFirst());

        Machine.await("unavailable", () -> since("the program is killed").contains("Available False"));
        assertThat(since("the program is killed")).containsExactly("Ready False", "Available False");
    }

    private void kill(Resource pod) {
        String id = machine.container(pod).path("containerID").asString("");
        ProcessHandle.of(Long.parseLong(id.substring("process://".length()))).ifPresent(ProcessHandle::destroyForcibly);
    }

    private List<String> since(String cause) {
        return story.subList(story.indexOf(cause) + 1, story.size());
    }

    private Path fifo() throws IOException, InterruptedException {
        Path fifo = folder.resolve("answers");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        return fifo;
    }

    private synchronized void note(Change change, String type) {
        Resource resource = change.resource();
        resource.at("/status/conditions").forEach(condition -> {
            String status = condition.path("status").asString("");
            if (condition.path("type").asString("").equals(type) && !status.equals(told.put(type, status))) {
                story.add(type + " " + status);
            }
        });
    }
}
