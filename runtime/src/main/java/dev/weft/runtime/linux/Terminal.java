package dev.weft.runtime.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;

/**
 * A pseudoterminal, pts(4): this end of it, and the path of the other. Any thread may write and resize; one reads. Nothing
 * of it works after {@link #close}.
 */
public final class Terminal implements AutoCloseable {

    private static final int FLAGS = 2 | 0x100 | 0x800 | 0x80000; // O_RDWR, O_NOCTTY, O_NONBLOCK, O_CLOEXEC
    private static final long UNLOCK = 0x40045431L; // TIOCSPTLCK
    private static final long NUMBER = 0x80045430L; // TIOCGPTN
    private static final long SIZE = 0x5414L; // TIOCSWINSZ
    private static final int LOOK_MILLIS = 100;
    private static final int END_OF_TRANSMISSION = 4;
    private static final int INPUT_OUTPUT_ERROR = 5;
    private static final int INTERRUPTED = 4;
    private static final int NOTHING_NOW = 11;
    private static final long FULL_NANOS = 5_000_000;

    private final int descriptor;
    private final String path;
    private boolean closed; // guarded by this, so that a descriptor that somebody else has by now is never used

    private Terminal(int descriptor, String path) {
        this.descriptor = descriptor;
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @throws IOException when this system has none of Linux' kind
     */
    public static Terminal open() throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            throw new IOException("terminals are built for Linux alone; without one (no -t) it works");
        }
        int descriptor = Libc.open("/dev/ptmx", FLAGS);
        try {
            Libc.ioctl(descriptor, UNLOCK, new byte[4], "unlock a terminal");
            byte[] number = new byte[4];
            Libc.ioctl(descriptor, NUMBER, number, "ask for a terminal's number");
            int told = ByteBuffer.wrap(number).order(ByteOrder.nativeOrder()).getInt();
            return new Terminal(descriptor, "/dev/pts/" + told);
        } catch (KernelRefusal e) {
            Libc.close(descriptor);
            throw e;
        }
    }

    /** What a program opens for its standard streams. */
    public String path() {
        return path;
    }

    /** Tells the program how large the window is. */
    public synchronized void resize(int columns, int rows) throws IOException {
        check();
        ByteBuffer size = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        size.putShort((short) rows).putShort((short) columns);
        Libc.ioctl(descriptor, SIZE, size.array(), "resize a terminal");
    }

    /** Reads what the program has printed; -1 when nothing came for some time, 0 when nobody has it open any more. */
    public int read(byte[] into, int from, int length) throws IOException {
        try {
            if (!Libc.readable(descriptor, LOOK_MILLIS)) {
                return -1;
            }
            synchronized (this) {
                return closed ? 0 : Libc.read(descriptor, into, from, length);
            }
        } catch (KernelRefusal e) {
            return switch (e.errno()) {
                case INPUT_OUTPUT_ERROR -> 0; // its way to say that the other end is closed
                case INTERRUPTED, NOTHING_NOW -> -1;
                default -> throw e;
            };
        }
    }

    /** Types these bytes; blocks while the program does not read. */
    public void write(byte[] bytes, int from, int length) throws IOException {
        int at = from;
        while (at < from + length) {
            int taken = some(bytes, at, from + length - at);
            at += taken;
            if (taken == 0) {
                LockSupport.parkNanos(FULL_NANOS);
            }
        }
    }

    private synchronized int some(byte[] bytes, int from, int length) throws IOException {
        check();
        try {
            return Libc.write(descriptor, bytes, from, Math.min(1024, length));
        } catch (KernelRefusal e) {
            if (e.errno() == NOTHING_NOW || e.errno() == INTERRUPTED) {
                return 0;
            }
            throw e;
        }
    }

    /** Types the end of a file. */
    public void end() throws IOException {
        write(new byte[] {END_OF_TRANSMISSION}, 0, 1);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            Sockets.close(descriptor);
        }
    }

    private void check() throws IOException {
        if (closed) {
            throw new IOException("the terminal is closed");
        }
    }
}
