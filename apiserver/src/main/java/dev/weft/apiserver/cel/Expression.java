package dev.weft.apiserver.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** An expression that can be asked. Safe from any thread. */
public final class Expression {

    /** What an expression can be made for. */
    public enum Result {
        BOOL(SimpleType.BOOL, "a bool"),
        TEXT(SimpleType.STRING, "a string");

        private final CelType type;
        private final String word;

        Result(CelType type, String word) {
            this.type = type;
            this.word = word;
        }

        CelType type() {
            return type;
        }

        String word() {
            return word;
        }
    }

    private static final int TEXT_MAX = 1 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(3);

    private final String text;
    private final CelRuntime.Program program;

    Expression(String text, CelRuntime.Program program) {
        this.text = text;
        this.program = program;
    }

    public String text() {
        return text;
    }

    /**
     * Asks a condition.
     *
     * @throws ExpressionException when the result is no bool, or there is none
     */
    public boolean holds(Map<String, ?> variables) throws ExpressionException {
        if (value(variables) instanceof Boolean flag) {
            return flag;
        }
        throw new ExpressionException("must evaluate to a bool");
    }

    /**
     * Asks for the result.
     *
     * @throws ExpressionException when there is none: a field that is missing, too many turns, more than three seconds
     */
    public Object value(Map<String, ?> variables) throws ExpressionException {
        try {
            long start = System.nanoTime();
            return program.trace(variables, (step, result) -> check(start, step, result));
        } catch (CelEvaluationException e) {
            throw new ExpressionException(
                    Objects.toString(e.getMessage(), "").replaceFirst("^evaluation error( at [^:]*:\\d+)?: ", ""));
        } catch (StackOverflowError e) { // a name that is bound to something of the same name ends here
            throw new ExpressionException("nested too deep");
        } catch (CostException e) {
            throw new ExpressionException(Objects.toString(e.getMessage(), ""));
        }
    }

    /** After each step: so what costs too much ends between two of them. */
    private static void check(long start, CelExpr step, Object result) {
        if (step.getKind() == CelExpr.ExprKind.Kind.CALL && result instanceof String made && made.length() > TEXT_MAX) {
            throw new CostException("a text is longer than " + TEXT_MAX + " characters");
        }
        if (System.nanoTime() - start > LONGEST.toNanos()) {
            throw new CostException("took longer than " + LONGEST.toSeconds() + " s");
        }
    }

    private static final class CostException extends RuntimeException {

        private static final long serialVersionUID = 1;

        CostException(String message) {
            super(message, null, false, false);
        }
    }
}
