package dev.weft.resources.reading;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Optional;

/** Regular expressions as the proxy runs them: RE2's syntax, in time that grows with the text alone. */
public final class Expressions {

    /** Of the compiled program's steps, as Emissary's {@code regex_max_size}. */
    public static final int SIZE_MAX = 200;

    private Expressions() {}

    /** What is wrong with it, as the end of a sentence, if anything. */
    public static Optional<String> problem(String expression) {
        try {
            int size = Pattern.compile(expression).programSize();
            return size > SIZE_MAX
                    ? Optional.of("the expression is too large: " + size + " steps, at most " + SIZE_MAX + ".")
                    : Optional.empty();
        } catch (PatternSyntaxException e) {
            return Optional.of("not a regular expression of RE2: " + e.getDescription() + ".");
        }
    }

    /** How many groups a good expression has. */
    public static int groups(String expression) {
        return Pattern.compile(expression).groupCount();
    }

    /** Reports a bad one. */
    public static void check(Fields fields, String field, String expression) {
        problem(expression).ifPresent(problem -> fields.invalid(field, problem, "Mend \"" + expression + "\"."));
    }
}
