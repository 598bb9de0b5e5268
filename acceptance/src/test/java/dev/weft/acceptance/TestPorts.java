package dev.weft.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ports that nobody else takes between the moment that they are found free and the moment that a platform opens them: they lie below
 * those that the kernel gives to whoever asks for any, each process of tests on this machine holds a block of its own by a lock, and
 * no port is given twice until the block is used up.
 */
final class TestPorts {

    private static final int FIRST = 10_000;
    private static final int PER_BLOCK = 2_500;
    private static final int BLOCKS = 8; // up to 30,000
    private static final TestPorts OF_THIS_PROCESS = hold();

    @SuppressWarnings("unused") // the block is this process's until it ends
    private final FileLock lock;

    private final int from;
    private int given;

    private TestPorts(FileLock lock, int from) {
        this.lock = lock;
        this.from = from;
    }

    static List<Integer> free(int count) {
        return OF_THIS_PROCESS.next(count);
    }

    private synchronized List<Integer> next(int count) {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < count) {
            int port = from + given++ % PER_BLOCK;
            try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                ports.add(port);
            } catch (IOException _) {
                // taken: another one
            }
        }
        return ports;
    }

    private static TestPorts hold() {
        for (int block = 0; block < BLOCKS; block++) {
            Optional<FileLock> lock = lock(block);
            if (lock.isPresent()) {
                return new TestPorts(lock.get(), FIRST + block * PER_BLOCK);
            }
        }
        throw new IllegalStateException(
                BLOCKS + " processes test Weft on this machine at once; wait until one of them is done");
    }

    private static Optional<FileLock> lock(int block) {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "weft-test-ports-" + block + ".lock");
        try {
            return Optional.ofNullable(FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .tryLock());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
