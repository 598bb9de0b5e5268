package function;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** JSON in and out, an expression, a stream, a format. */
public class Function implements java.util.function.Function<Function.Order, Function.Answer> {

    public record Order(String message) {}

    public record Answer(Map<String, Long> words, String line) {}

    @Override
    public Answer apply(Order order) {
        Map<String, Long> words = Pattern.compile("\\W+")
                .splitAsStream(order.message())
                .collect(Collectors.groupingBy(
                        word -> word.toLowerCase(Locale.ROOT), TreeMap::new, Collectors.counting()));
        return new Answer(words, String.format(Locale.ROOT, "%d %.2f", words.size(), order.message().length() / 3.0));
    }
}
