package dev.weft.apiserver.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * An upgraded connection as two blocking streams, which one thread of its own serves. One reader at a time; writers take
 * turns by {@code writing}.
 */
public final class RawConnection extends AbstractConnection implements Connection.UpgradeTo {

    /** Both protocols are pinged more often than this. */
    private static final Duration IDLE = Duration.ofMinutes(2);

    /** Serves an upgraded connection until it returns. */
    @FunctionalInterface
    public interface Service {
        void serve(InputStream in, OutputStream out) throws IOException;
    }

    private final Service service;
    private final Runnable closed;
    private final ByteBuffer buffer = BufferUtil.allocate(16 << 10);
    private final ReentrantLock writing = new ReentrantLock();
    private byte[] early = new byte[0];

    /** @param closed called once when the connection has ended, on a thread that must not be held up */
    public RawConnection(EndPoint endPoint, Executor executor, Service service, Runnable closed) {
        super(endPoint, executor);
        this.service = service;
        this.closed = closed;
    }

    @Override
    public void onUpgradeTo(ByteBuffer more) {
        early = BufferUtil.toArray(more);
        BufferUtil.clear(more);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(IDLE.toMillis());
        Thread.ofPlatform().daemon(true).name("api-stream").stackSize(256 << 10).start(this::serve);
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        closed.run();
    }

    @Override
    public void onFillable() {
        // readers ask by callbacks of their own
    }

    private void serve() {
        try (InputStream in = new Input();
                OutputStream out = new Output()) {
            service.serve(in, out);
        } catch (IOException e) {
            // the client has gone, which closing tells whoever has to know
        } finally {
            getEndPoint().close();
        }
    }

    private static void await(CompletableFuture<Void> done) throws IOException {
        try {
            done.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static Callback completing(CompletableFuture<Void> done) {
        return Callback.from(() -> done.complete(null), done::completeExceptionally);
    }

    private final class Input extends InputStream {

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0; // readNBytes(0) asks, and must not wait
            }
            if (early.length > 0) {
                int count = Math.min(length, early.length);
                System.arraycopy(early, 0, into, offset, count);
                early = java.util.Arrays.copyOfRange(early, count, early.length);
                return count;
            }
            while (!buffer.hasRemaining()) {
                BufferUtil.clear(buffer);
                int filled = getEndPoint().fill(buffer);
                if (filled < 0) {
                    return -1;
                }
                if (filled == 0) {
                    CompletableFuture<Void> readable = new CompletableFuture<>();
                    getEndPoint().fillInterested(completing(readable));
                    await(readable);
                }
            }
            int count = Math.min(length, buffer.remaining());
            buffer.get(into, offset, count);
            return count;
        }
    }

    private final class Output extends OutputStream {

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            writing.lock();
            try {
                if (!getEndPoint().isOpen()) {
                    throw new EOFException("the client has gone");
                }
                CompletableFuture<Void> written = new CompletableFuture<>();
                getEndPoint().write(completing(written), ByteBuffer.wrap(bytes, offset, length));
                await(written);
            } finally {
                writing.unlock();
            }
        }
    }
}
