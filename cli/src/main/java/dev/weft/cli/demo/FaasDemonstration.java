package dev.weft.cli.demo;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The walk-through "Serverless Service Mesh with Knative and Linkerd", and what it left out: twelve statements, in an
 * order in which each finds what the ones before it left.
 */
public final class FaasDemonstration {

    private final PrintWriter out;
    private final Stage stage;
    private volatile boolean interrupted;

    private FaasDemonstration(PrintWriter out, Stage stage) {
        this.out = out;
        this.stage = stage;
    }

    /** Plays it whole; true when every statement held. What was started is gone when this returns, or is interrupted. */
    public static boolean play(Path home, PrintWriter out) {
        long start = System.nanoTime();
        Stage stage = Stage.open(home);
        FaasDemonstration demonstration = new FaasDemonstration(out, stage);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("clean").unstarted(demonstration::interrupt));
        try (stage) {
            boolean held = demonstration.run();
            if (demonstration.interrupted) {
                return false;
            }
            out.printf(
                    "%s in %.1f s%n",
                    held ? "every statement held" : "NOT every statement held", (System.nanoTime() - start) / 1e9);
            out.flush();
            return held;
        }
    }

    /** In the JVM's shutdown, also after a whole run: what is measured from now on means nothing. */
    private void interrupt() {
        interrupted = true;
        stage.close();
    }

    private boolean run() {
        Serverless serverless = new Serverless(stage);
        Mesh mesh = new Mesh(stage, serverless);
        Traffic traffic = new Traffic(stage, serverless);
        Objective objective = new Objective(stage);
        List<Statement> statements = new ArrayList<>();
        statements.add(new Statement(1, "platform up", serverless::up));
        statements.add(new Statement(2, "hello Ready, then back at zero", serverless::readyThenZero));
        statements.add(new Statement(3, "cold start over HTTPS", serverless::coldStart));
        statements.add(new Statement(4, "warm requests", serverless::warm));
        statements.add(new Statement(5, "every hop by identity, encrypted", mesh::hops));
        statements.add(new Statement(6, "golden metrics, exact", mesh::goldenMetrics));
        statements.add(new Statement(7, "canary", traffic::canary));
        statements.add(new Statement(8, "access", mesh::access));
        statements.add(new Statement(9, "an instance killed under load", traffic::kill));
        statements.add(new Statement(10, "hello back at zero", serverless::backToZero));
        statements.add(new Statement(11, "error budget", objective::budget));
        statements.add(new Statement(12, "weft why", mesh::why));
        boolean held = true;
        for (Statement statement : statements) {
            held = holds(statement) && held;
            if (!held && statement.number() == 1) {
                out.println(stage.platform().output());
                return false; // nothing to measure
            }
        }
        boolean clean = holds(new Statement(0, "nothing left running", () -> {
            stage.end();
            return "weft up ended with 0";
        }));
        return held && clean;
    }

    /** Prints the statement's line; an exception of any kind means that it did not hold. */
    private boolean holds(Statement statement) {
        if (interrupted) {
            return false;
        }
        String number = statement.number() == 0 ? "  " : "%2d".formatted(statement.number());
        String line;
        boolean held = false;
        try {
            line = statement.check().measure();
            held = true;
        } catch (NotHeld e) {
            line = "NOT HELD: " + e.getMessage();
        } catch (Exception e) { // a statement that cannot be measured does not hold, and the next still can
            line = "NOT HELD: " + e;
        }
        if (interrupted) {
            return false;
        }
        out.printf("%s %s %s: %s%n", number, held ? "ok  " : "FAIL", statement.title(), line);
        out.flush();
        return held;
    }
}
