package dev.weft.apiserver.cel;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
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
    public boolean holds(Map<String, ?> variables, Budget budget) throws ExpressionException {
        if (value(variables, budget) instanceof Boolean flag) {
            return flag;
        }
        throw new ExpressionException("must evaluate to a bool");
    }

    /**
     * Asks for the result.
     *
     * @throws ExpressionException when there is none: a field that is missing, or more cost than is left
     */
    public Object value(Map<String, ?> variables, Budget budget) throws ExpressionException {
        Budget.Meter meter = budget.begin();
        try {
            return program.trace(
                    variables, (step, result) -> meter.spend(step.getKind() == CelExpr.ExprKind.Kind.CALL, result));
        } catch (CelEvaluationException e) {
            throw new ExpressionException(
                    Objects.toString(e.getMessage(), "").replaceFirst("^evaluation error( at [^:]*:\\d+)?: ", ""));
        } catch (StackOverflowError e) { // a name that is bound to something of the same name ends here
            throw new ExpressionException("nested too deep");
        } catch (Budget.CostException e) {
            throw new ExpressionException(Objects.toString(e.getMessage(), ""));
        } finally {
            meter.end();
        }
    }
}
