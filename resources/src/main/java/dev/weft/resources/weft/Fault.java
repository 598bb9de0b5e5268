package dev.weft.resources.weft;

import dev.weft.resources.Resource;
import dev.weft.resources.reading.Durations;
import dev.weft.resources.reading.Expressions;
import dev.weft.resources.reading.Fields;
import dev.weft.resources.reading.Read;
import dev.weft.resources.reading.Reading;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What goes wrong on purpose with calls to a Service, or with requests that a Mapping takes: a delay, an error, or an
 * answer of the proxy's own.
 *
 * @param service calls to it; empty when {@code mapping} is given
 * @param mapping requests that it takes
 * @param callers service accounts, {@code name} or {@code namespace/name}; empty for everybody
 * @param headers expressions for whole values, by name in lower case; all must match
 * @param share of the requests that meet all that, in thousandths
 * @param abort a status, 0 for none
 */
public record Fault(
        Resource resource,
        String service,
        String mapping,
        List<String> callers,
        Map<String, String> headers,
        int share,
        Duration delay,
        int abort,
        Optional<Answer> answer) {

    private static final Duration DELAY_MAX = Duration.ofMinutes(5);

    /** An answer word for word. */
    public record Answer(int status, String contentType, String body) {}

    public Fault {
        callers = List.copyOf(callers);
        headers = Map.copyOf(headers);
    }

    public static Read<Fault> read(Resource resource) {
        return Reading.of(resource, fields -> of(resource, fields));
    }

    public static Fault of(Resource resource, Fields root) {
        return root.requiredObject("spec", spec -> {
            String service = spec.text("service", "");
            String mapping = spec.text("mapping", "");
            if (service.isEmpty() == mapping.isEmpty()) {
                spec.invalid("", "exactly one of service and mapping is wanted.", "Name the Service or the Mapping.");
            }
            Map<String, String> headers = new LinkedHashMap<>();
            spec.textMap("headers").forEach((name, expression) -> {
                Expressions.check(spec, "headers." + name, expression);
                headers.put(name.toLowerCase(Locale.ROOT), expression);
            });
            Duration delay = delay(spec);
            int abort = spec.has("abort") ? spec.integer("abort", 503, 400, 599) : 0;
            Optional<Answer> answer = spec.object("answer", Fault::answer);
            if (abort > 0 && answer.isPresent()) {
                spec.invalid("answer", "a request that is aborted has no other answer.", "Keep abort or answer.");
            }
            if (delay.isZero() && abort == 0 && answer.isEmpty()) {
                spec.missing("delay", "300ms, or abort: 503, or answer: {status: 200, body: text}");
            }
            return new Fault(
                    resource, service, mapping, spec.texts("callers"), headers, share(spec), delay, abort, answer);
        });
    }

    private static Duration delay(Fields spec) {
        Optional<String> text = spec.text("delay");
        Duration delay = text.flatMap(Durations::parse).orElse(Duration.ZERO);
        boolean unread = text.isPresent() && Durations.parse(text.get()).isEmpty();
        if (unread || delay.isNegative() || delay.compareTo(DELAY_MAX) > 0) {
            spec.invalid("delay", "\"" + text.orElse("") + "\" is no time up to 5m.", "Write for example 300ms or 2s.");
            return Duration.ZERO;
        }
        return delay;
    }

    /** {@code 10%}, {@code 0.5%}. */
    private static int share(Fields spec) {
        String text = spec.text("share", "100%");
        if (!text.matches("[0-9]{1,3}(\\.[0-9])?%")) {
            spec.invalid("share", "\"" + text + "\" is no share.", "Write for example \"10%\" or \"0.5%\".");
            return 1_000;
        }
        int thousandths = (int) Math.round(Double.parseDouble(text.substring(0, text.length() - 1)) * 10);
        if (thousandths < 1 || thousandths > 1_000) {
            spec.invalid("share", "\"" + text + "\" is not from 0.1% to 100%.", "Write for example \"10%\".");
            return 1_000;
        }
        return thousandths;
    }

    private static Answer answer(Fields answer) {
        String contentType = answer.text("contentType", "text/plain; charset=utf-8");
        if (!contentType.matches("[ -~]+")) {
            answer.invalid(
                    "contentType", "it has characters that no header can carry.", "Write for example text/html.");
        }
        String body = answer.text("body", "");
        int status = answer.integer("status", 200, 200, 599);
        boolean bodiless = status == 204 || status == 205 || status == 304;
        if (bodiless && !body.isEmpty()) {
            answer.invalid("body", "an answer with status " + status + " has none.", "Remove it.");
        }
        return new Answer(status, contentType, bodiless ? "" : body);
    }
}
