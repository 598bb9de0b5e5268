package dev.weft.runtime.probe;

import dev.weft.runtime.process.Execution;
import dev.weft.runtime.process.RunningProcess;
import dev.weft.runtime.wire.PodWire;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How probes reach a program until it has to end: a question that is under way then is cut off, and not waited for. */
public final class ProbeReach implements Prober.Reach, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProbeReach.class);

    private final PodWire wire;
    private final RunningProcess process;
    private volatile Optional<AutoCloseable> underWay = Optional.empty();
    private volatile boolean closed;

    public ProbeReach(PodWire wire, RunningProcess process) {
        this.wire = wire;
        this.process = process;
    }

    @Override
    public Socket socket() throws IOException {
        return cutAtTheEnd(wire.socket());
    }

    @Override
    public Execution execute(List<String> command) throws IOException {
        return cutAtTheEnd(process.execute(command, false));
    }

    private <T extends AutoCloseable> T cutAtTheEnd(T begun) {
        underWay = Optional.of(begun);
        if (closed) {
            close();
        }
        return begun;
    }

    /** From any thread. */
    @Override
    public void close() {
        closed = true;
        underWay.ifPresent(question -> {
            try {
                question.close();
            } catch (Exception e) {
                LOG.debug("a probe's end", e);
            }
        });
    }
}
