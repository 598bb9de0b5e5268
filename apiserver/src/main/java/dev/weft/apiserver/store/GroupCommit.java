package dev.weft.apiserver.store;

import dev.weft.resources.Change;
import dev.weft.resources.RefusedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one writer: takes the writes that are waiting, does them in one transaction, and answers each only after the
 * commit has reached the disk.
 *
 * <p>Owner of the database and the only one to change the index: the writer thread.
 */
final class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int GROUP_MAX = 256;

    private final BlockingQueue<Write<?>> queue = new LinkedBlockingQueue<>();
    private final Database database;
    private final Index index;
    private final Consumer<Change> announce;
    private final Thread writer;
    private volatile boolean closed;

    GroupCommit(Database database, Index index, Consumer<Change> announce) {
        this.database = database;
        this.index = index;
        this.announce = announce;
        this.writer = Thread.ofPlatform().name("store-writer").daemon().start(this::run);
    }

    /**
     * Does one write and waits until it is on the disk.
     *
     * @param operation sees what there is and writes to the draft, or throws {@link RefusedException}
     * @param dryRun says what would come of it and keeps nothing
     */
    <R> R write(Function<Draft, R> operation, boolean dryRun) {
        Write<R> write = new Write<>(operation, dryRun);
        if (closed) {
            throw stopped();
        }
        queue.add(write);
        if (!writer.isAlive()) { // it has gone between the two lines above
            failWaiting();
        }
        try {
            return write.done.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Finishes the writes that are waiting. */
    @Override
    public void close() {
        closed = true;
        queue.add(new Write<>(draft -> "", true));
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        database.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Write<?>> writes = new ArrayList<>();
        try {
            while (!closed || !queue.isEmpty()) {
                writes.add(take());
                queue.drainTo(writes, GROUP_MAX - 1);
                commit(writes);
                writes.clear();
            }
        } finally { // whatever ends this thread, nobody waits for it in vain
            closed = true;
            writes.forEach(write -> write.done.completeExceptionally(stopped()));
            failWaiting();
        }
    }

    private Write<?> take() {
        while (true) {
            try {
                return queue.take();
            } catch (InterruptedException e) {
                LOG.warn("interrupted: only closing ends the writer");
            }
        }
    }

    private void failWaiting() {
        for (Write<?> write = queue.poll(); write != null; write = queue.poll()) {
            write.done.completeExceptionally(stopped());
        }
    }

    private void commit(List<Write<?>> writes) {
        Draft group = new Draft(index);
        writes.forEach(write -> write.attempt(group));
        RuntimeException failure = null;
        if (!group.isEmpty()) {
            try {
                database.write(group.writes(), group.version());
                index.publish(group, announce);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        for (Write<?> write : writes) {
            write.finish(failure);
        }
    }

    private static IllegalStateException stopped() {
        return new IllegalStateException("the store is closed");
    }

    private static final class Write<R> {
        final CompletableFuture<R> done = new CompletableFuture<>();
        private final Function<Draft, R> operation;
        private final boolean dryRun;
        private @Nullable R result;

        Write(Function<Draft, R> operation, boolean dryRun) {
            this.operation = operation;
            this.dryRun = dryRun;
        }

        void attempt(Draft group) {
            Draft draft = new Draft(group);
            try {
                result = operation.apply(draft);
                if (!dryRun) {
                    draft.mergeInto(group);
                }
            } catch (RuntimeException e) {
                done.completeExceptionally(e);
            }
        }

        /** @param failure of the whole group's commit, which this write may have built upon */
        void finish(@Nullable RuntimeException failure) {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else if (result != null) {
                done.complete(result);
            }
        }
    }
}
