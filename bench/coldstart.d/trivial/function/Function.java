package function;

/** What a first function does. */
public class Function implements java.util.function.Function<String, String> {

    @Override
    public String apply(String body) {
        return "Hello, " + body.length() + " characters";
    }
}
