package dev.weft.resources.apps;

import dev.weft.resources.reading.Fields;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a Deployment may say of how its pods are replaced while others serve. */
final class RollingUpdate {

    private static final Pattern PERCENT = Pattern.compile("[0-9]{1,9}%");

    private RollingUpdate() {}

    static boolean check(Fields rolling) {
        boolean noSurge = zero(rolling, "maxSurge");
        boolean noneUnavailable = zero(rolling, "maxUnavailable");
        String part = rolling.raw("maxUnavailable").asString("");
        if (PERCENT.matcher(part).matches() && Integer.parseInt(part, 0, part.length() - 1, 10) > 100) {
            rolling.invalid("maxUnavailable", part + " is more than 100%.", "Write at most 100%.");
        }
        if (noSurge && noneUnavailable) {
            rolling.invalid("maxUnavailable", "may not be 0 when maxSurge is 0.", "Write at least 1 for one of them.");
        }
        return true;
    }

    /** Checks a number of pods or a percentage; whether it is zero as it is written. */
    private static boolean zero(Fields rolling, String name) {
        if (rolling.raw(name).isNumber()) {
            return rolling.integer(name, 1, 0, Integer.MAX_VALUE) == 0;
        }
        Optional<String> text = rolling.text(name);
        if (text.isPresent() && !PERCENT.matcher(text.get()).matches()) {
            rolling.invalid(
                    name,
                    "\"" + text.get() + "\" is neither a number of pods nor a percentage.",
                    "Write for example 1 or \"25%\", without a sign.");
            return false;
        }
        return text.filter(it -> it.matches("0+%")).isPresent();
    }
}
