package dev.weft.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The functions that Kubernetes adds to CEL, with the examples of its documentation. */
class LanguageTest {

    private static final Language LANGUAGE = Language.of(List.of("object"));
    private static final Object OBJECT = Values.of(JsonMapper.shared().readTree("""
            {"spec": {"replicas": 3, "share": 0.5, "name": "till", "tags": ["a", "b", "c"], "none": null,
              "ports": [{"name": "web", "port": 80}, {"name": "admin", "port": 81}]}}
            """));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, 2, 2].isSorted() && ![2, 1].isSorted() && ['a', 'b'].isSorted()",
                "[1, 2].sum() == 3 && [1.5, 2.5].sum() == 4.0 && [1, 3, 2].max() == 3 && ['b', 'a'].min() == 'a'",
                "[1, 2, 2].indexOf(2) == 1 && [1, 2, 2].lastIndexOf(2) == 2 && object.spec.tags.indexOf('c') == 2",
                "'abc 123'.find('[0-9]+') == '123' && '1 22 333'.findAll('[0-9]+') == ['1', '22', '333']",
                "'1 22 333'.findAll('[0-9]+', 2) == ['1', '22'] && 'abc'.find('[0-9]+') == ''",
                "isURL('https://example.com:80/a') && !isURL('example.com')",
                "url('https://user@example.com:80/a%20b?x=1&x=2').getHostname() == 'example.com'",
                "url('https://example.com:80/').getHost() == 'example.com:80' && url('/path').getScheme() == ''",
                "url('https://example.com/?x=1&x=2').getQuery() == {'x': ['1', '2']}",
                "isQuantity('1.3G') && !isQuantity('1GG') && quantity('50k').isLessThan(quantity('50M'))",
                "quantity('1Gi').add(quantity('1Mi')).compareTo(quantity('1025Mi')) == 0",
                "quantity('50000') == quantity('50k') && quantity('50k').asInteger() == 50000",
                "!quantity('50m').isInteger() && quantity('50m').asApproximateFloat() == 0.05",
                "ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && !isIP('127.0.0.256') && isIP('::')",
                "string(ip('2001:db8:0:0:0:0:0:1')) == '2001:db8::1' && ip.isCanonical('2001:db8::1')",
                "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
                "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
                "isCIDR('::/0') && !isCIDR('10.0.0.0/33') && cidr('10.0.0.0/8').prefixLength() == 8",
                "!format.dns1123Label().validate('my-name').hasValue() && format.uuid().validate('x').hasValue()",
                "format.named('date').hasValue() && !format.named('nothing').hasValue()",
                "'%s has %d of %.2f and %s'.format(['a', 2, 1.0, [1, true]]) == 'a has 2 of 1.00 and [1, true]'",
                "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && 'AbC'.lowerAscii() == 'abc'",
                "sets.contains([1, 2, 3], [2]) && sets.intersects([1], [1, 2]) && sets.equivalent([1, 1], [1])",
                "semver('1.2.3').isLessThan(semver('1.10.0')) && !isSemver('1.0') && semver('1.0.0-rc.1').major() == 1",
                "math.greatest(1, 5, 3) == 5 && object.spec.replicas > 2.5 && object.spec.share < 1",
                "object.spec.ports.exists(p, p.name == 'web' && p.port == 80) && object.spec.none == null",
                "has(object.spec.name) && !has(object.spec.other) && object.?spec.?other.orValue('x') == 'x'",
                "timestamp('2026-01-01T00:00:00Z') < timestamp('2026-01-02T00:00:00Z')",
                "duration('90s') == duration('1m30s')",
                "cel.bind(x, object.spec.replicas, x * x == 9)"
            })
    void holds(String expression) throws ExpressionException {
        assertThat(LANGUAGE.compile(expression, Optional.of(Expression.Result.BOOL))
                        .holds(Map.of("object", OBJECT), new Budget()))
                .isTrue();
    }

    @Test
    void writesOutNoDigitsOfAHugeNumber() {
        JsonNode huge = JsonNodeFactory.instance.numberNode(new BigDecimal("1e999999999"));

        assertThat(Values.of(huge)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Values.of(JsonNodeFactory.instance.numberNode(Long.MIN_VALUE)))
                .isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void saysWhereAnExpressionIsWrong() {
        assertThatThrownBy(() -> LANGUAGE.compile("object.spec. + 1", Optional.empty()))
                .isInstanceOf(ExpressionException.class)
                .hasMessageContaining("compilation failed")
                .hasMessageContaining("1:");
        assertThatThrownBy(() -> LANGUAGE.compile("nothing == 1", Optional.empty()))
                .hasMessageContaining("undeclared reference to 'nothing'");
        assertThatThrownBy(() -> LANGUAGE.compile("1 + 1", Optional.of(Expression.Result.BOOL)))
                .hasMessage("must evaluate to a bool (is int)");
    }

    @Test
    void saysWhichFieldIsMissing() throws ExpressionException {
        Expression expression = LANGUAGE.compile("object.spec.other == 1", Optional.empty());

        assertThatThrownBy(() -> expression.holds(Map.of("object", OBJECT), new Budget()))
                .hasMessageContaining("other");
    }

    @Test
    void endsLoopsThatTakeTooLong() throws ExpressionException {
        String list = "[0,1,2,3,4,5,6,7,8,9]";
        String nested = "true";
        for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
            nested = list + ".all(" + name + ", " + nested + ")";
        }
        Expression expression = LANGUAGE.compile(nested, Optional.empty());

        assertThatThrownBy(() -> expression.holds(Map.of("object", OBJECT), new Budget()))
                .hasMessageContaining("budget");
    }

    @Test
    void endsTextsThatGrowTooLong() throws ExpressionException {
        String grown = "x12 == ''";
        for (int i = 12; i > 0; i--) {
            String before = "x" + (i - 1);
            grown = "cel.bind(x" + i + ", " + String.join(" + ", Collections.nCopies(4, before)) + ", " + grown + ")";
        }
        Expression expression = LANGUAGE.compile("cel.bind(x0, 'x', " + grown + ")", Optional.empty());

        assertThatThrownBy(() -> expression.holds(Map.of("object", OBJECT), new Budget()))
                .hasMessageContaining("a text is longer");
    }

    @Test
    void endsWhatRefersToItself() throws ExpressionException {
        Expression expression = LANGUAGE.compile("cel.bind(x, 'x', cel.bind(x, x + x, x == ''))", Optional.empty());

        assertThatThrownBy(() -> expression.holds(Map.of("object", OBJECT), new Budget()))
                .hasMessage("nested too deep");
    }

    @Test
    void findsByNoExpressionThatIsTooLarge() throws ExpressionException {
        Expression expression = LANGUAGE.compile("'a'.find('((a{100}){100}){10}') == ''", Optional.empty());

        assertThatThrownBy(() -> expression.holds(Map.of("object", OBJECT), new Budget()))
                .hasMessageContaining("regular expression");
    }

    @Test
    void endsWhenOneExpressionCostsTooMuch() throws ExpressionException {
        String loops = "[0,1,2,3,4,5,6,7,8,9]";
        String text = "true";
        for (String name : List.of("a", "b", "c", "d", "e", "f")) {
            text = loops + ".all(" + name + ", " + text + ")";
        }
        Expression expression = LANGUAGE.compile(text, Optional.of(Expression.Result.BOOL));

        assertThatThrownBy(() -> expression.holds(Map.of(), new Budget())).hasMessageContaining("cost limit exceeded");
    }

    @Test
    void endsWhenAllOfARequestCostTooMuch() throws ExpressionException {
        String text = "[0,1,2,3,4,5,6,7,8,9]";
        String all = text + ".all(a, " + text + ".all(b, " + text + ".all(c, " + text + ".all(d, d < 10))))";
        Expression expression = LANGUAGE.compile(all, Optional.of(Expression.Result.BOOL));
        Budget budget = new Budget();
        int asked = 0;
        String said = "";
        while (said.isEmpty() && asked < 10_000) {
            try {
                assertThat(expression.holds(Map.of(), budget)).isTrue();
                asked++;
            } catch (ExpressionException e) {
                said = e.getMessage();
            }
        }

        assertThat(said).contains("running out of cost budget");
        assertThat(asked).isBetween(10, 1_000); // each is well below what one may cost
        assertThatThrownBy(() -> LANGUAGE.compile("true", Optional.empty()).holds(Map.of(), budget))
                .hasMessageContaining("running out of cost budget");
        assertThat(expression.holds(Map.of(), new Budget())).isTrue();
    }
}
