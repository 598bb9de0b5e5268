package dev.weft.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    /** Counts how often an expression looks at it. */
    private static final class Watched implements CharSequence {
        private final String text;
        private long reads;

        Watched(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            reads++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }
    }

    private static long reads(String expression, int length) {
        Watched text = new Watched("a".repeat(length) + "!");
        assertThat(new Expression(expression, true).matches(text)).isFalse();
        return text.reads;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(a+)+",
                "(a|aa)*b",
                "(a*)*b",
                "a*a*a*a*a*b",
                "(a|a?)+b",
                "(.*)(.*)(.*)(.*)[^!]",
                "(a?){20}a{20}b"
            })
    void looksAtTheTextInProportionToItsLengthHoweverTheExpressionIsNested(String expression) {
        long small = reads(expression, 1_000);
        long large = reads(expression, 4_000);
        assertThat(small).isLessThanOrEqualTo(4 * 1_000);
        assertThat(large).isLessThanOrEqualTo(4 * 4_000);
    }

    @Test
    void matchesNothingInLongerTextThanItMayLookAt() {
        Expression expression = new Expression("a+", true);
        assertThat(expression.matches("a".repeat(Expression.TEXT_BYTES_MAX))).isTrue();
        assertThat(expression.matches("a".repeat(Expression.TEXT_BYTES_MAX + 1)))
                .isFalse();
    }

    @Test
    void matchesNothingWhenItIsNoExpressionOfRe2() {
        assertThat(new Expression("(a)\\1", true).matches("aa")).isFalse();
        assertThat(new Expression("(?=a)a", false).matches("a")).isFalse();
    }

    @Test
    void replacesEveryMatchAndFillsInTheGroups() {
        assertThat(new Expression("/v([0-9]+)/(\\w+)", false).replaceAll("/v1/a/v22/b", "/\\2-\\1\\\\"))
                .isEqualTo("/a-1\\/b-22\\");
        assertThat(new Expression("(x)?y", false).replaceAll("ayb", "[\\1\\0\\7]"))
                .isEqualTo("a[y]b");
        assertThat(new Expression("z", false).replaceAll("/none", "!")).isEqualTo("/none");
    }
}
