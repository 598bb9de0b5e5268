package dev.weft.runtime.spare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.Eventually;
import dev.weft.runtime.host.FunctionHost;
import dev.weft.runtime.image.FunctionCommand;
import dev.weft.runtime.process.Spawner;
import dev.weft.runtime.wire.LoopbackWire;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SparesTest {

    private static final long EACH = 50L << 20;

    @TempDir
    private Path folder;

    private Optional<Spawner> spawner = Optional.empty();
    private Optional<Spares> spares = Optional.empty();

    @BeforeEach
    void start() {
        spawner = Optional.of(new Spawner(folder));
    }

    @AfterEach
    void stop() {
        spares.ifPresent(Spares::close);
        spawner.ifPresent(Spawner::close);
    }

    private Spares pool(int max, int functions, FakeMemory memory, Path javaHome) throws URISyntaxException {
        Path host = Path.of(FunctionHost.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Spares pool = new Spares(
                new LoopbackWire(spawner.orElseThrow(), 4140, 4143, new Random()),
                new FunctionCommand(javaHome, host, List.of()),
                SpareOptions.of(max),
                Map.of("PATH", "/usr/bin:/bin"),
                () -> functions,
                memory);
        spares = Optional.of(pool);
        return pool;
    }

    /** The JVMs, without the shells that look after them. */
    private static Stream<ProcessHandle> hosts() {
        return ProcessHandle.current()
                .descendants()
                .filter(each -> each.info().command().orElse("").endsWith("/java"))
                .filter(each -> each.info().commandLine().orElse("").contains("ParkedHost"));
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    /** A machine in which a sixteenth of the memory is room for so many. */
    private static final class FakeMemory implements Spares.Memory {

        private final int room;
        private final AtomicInteger asked = new AtomicInteger();
        private final AtomicInteger others = new AtomicInteger();
        private volatile IntSupplier parked = () -> 0;

        FakeMemory(int room) {
            this.room = room;
        }

        @Override
        public long total() {
            asked.incrementAndGet();
            return 16L * room * EACH;
        }

        @Override
        public long available() {
            return total() - (others.get() + parked.getAsInt()) * EACH;
        }

        @Override
        public long held(long process) {
            return EACH;
        }
    }

    @Test
    void thePoolHoldsHalfOfWhatIsFreeAndFewerWhenThereIsLess() throws Exception {
        FakeMemory memory = new FakeMemory(10);
        memory.others.set(160 - 4); // of 160 times a spare's memory, so that four are free
        Spares pool = pool(10, 10, memory, javaHome());
        memory.parked = pool::parked;
        Eventually.holds("two", () -> pool.parked() == 2);
        int before = memory.asked.get();
        pool.functionsChanged();
        Eventually.holds("looked again", () -> memory.asked.get() > before + 1);
        assertThat(pool.parked()).isEqualTo(2);
        memory.others.addAndGet(2);
        pool.functionsChanged();
        Eventually.holds("one", () -> pool.parked() == 1);
    }

    @Test
    void thePoolHoldsNoMoreThanItsShareOfTheMemory() throws Exception {
        FakeMemory memory = new FakeMemory(2);
        Spares pool = pool(10, 10, memory, javaHome());
        Eventually.holds("two", () -> pool.parked() == 2);
        int before = memory.asked.get();
        pool.functionsChanged();
        Eventually.holds("looked again", () -> memory.asked.get() > before + 1);
        assertThat(pool.parked()).isEqualTo(2);
    }

    @Test
    void eachIsTakenByOneAndEndsWithThePool() throws Exception {
        Spares pool = pool(2, 2, new FakeMemory(10), javaHome());
        Eventually.holds("two", () -> pool.parked() == 2);
        Spare first = pool.take().orElseThrow();
        Spare second = pool.take().orElseThrow();
        assertThat(first).isNotSameAs(second);
        assertThat(pool.take()).isEmpty();
        first.close();
        second.close();
        Eventually.holds("two others", () -> pool.parked() == 2);
        Spare left = pool.take().orElseThrow();
        pool.close();
        Eventually.holds("only the one that was taken", () -> hosts().count() == 1);
        assertThat(pool.take()).isEmpty();
        assertThat(left.alive()).isTrue();
        left.close();
        Eventually.holds("ended", () -> !left.alive());
    }

    @Test
    void oneThatDiesIsReplaced() throws Exception {
        Spares pool = pool(1, 1, new FakeMemory(10), javaHome());
        Eventually.holds("one", () -> pool.parked() == 1);
        List<ProcessHandle> killed = hosts().toList();
        assertThat(killed).isNotEmpty();
        killed.forEach(ProcessHandle::destroyForcibly);
        Eventually.holds("another alone", () -> {
            List<ProcessHandle> now = hosts().toList();
            return pool.parked() == 1 && now.size() == 1 && Collections.disjoint(now, killed);
        });
    }

    @Test
    void nothingIsParkedWhereItCannotBe() throws Exception {
        Path tried = folder.resolve("tried");
        Path java = Files.createDirectories(folder.resolve("no-jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho once >>" + tried + "\nexit 3\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Spares pool = pool(1, 1, new FakeMemory(10), folder.resolve("no-jdk"));
        Eventually.holds("tried", () -> tried.toFile().length() > 0);
        pool.functionsChanged();
        assertThat(pool.take()).isEmpty();
        assertThat(Files.readAllLines(tried))
                .as("tried again after seconds alone")
                .hasSize(1);
    }
}
