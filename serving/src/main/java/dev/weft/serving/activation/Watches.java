package dev.weft.serving.activation;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends watches of the store. */
public final class Watches {

    private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

    private Watches() {}

    /** Ends all of them, whatever one of them says; there is nothing left to do about it. */
    public static void close(List<AutoCloseable> watches) {
        for (AutoCloseable watch : watches) {
            try {
                watch.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("a watch could not be closed", e);
            }
        }
    }
}
