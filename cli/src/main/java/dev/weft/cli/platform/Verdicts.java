package dev.weft.cli.platform;

import dev.weft.model.problem.Location;
import dev.weft.model.problem.Problem;
import dev.weft.model.problem.Verdict;
import dev.weft.model.traffic.Snapshot;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Says, once each, what the control plane finds wrong with resources, at the place in the file that declares them.
 * Snapshots come on the control plane's thread and are only queued there; one thread of its own prints.
 */
final class Verdicts implements AutoCloseable {

    private final DeclaredFiles files;
    private final Consumer<String> report;
    private final BlockingQueue<Snapshot> snapshots = new LinkedBlockingQueue<>();
    private final Thread printer;
    private Set<String> reported = new HashSet<>();

    Verdicts(DeclaredFiles files, Consumer<String> report) {
        this.files = files;
        this.report = report;
        this.printer = Thread.ofVirtual().name("verdicts").start(this::print);
    }

    void accept(Snapshot snapshot) {
        snapshots.add(snapshot);
    }

    @Override
    public void close() {
        printer.interrupt();
    }

    private void print() {
        try {
            while (true) {
                Snapshot newest = snapshots.take();
                for (Snapshot next = newest; next != null; next = snapshots.poll()) {
                    newest = next;
                }
                print(newest);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void print(Snapshot snapshot) {
        Set<String> now = new HashSet<>();
        for (Verdict verdict : snapshot.verdicts()) {
            for (Problem problem : verdict.problems()) {
                Location location =
                        files.locate(verdict.resource(), problem.field()).orElse(problem.location());
                String text = problem.at(location).toString();
                if (now.add(text) && !reported.contains(text)) {
                    report.accept(text);
                }
            }
        }
        reported = now;
    }
}
