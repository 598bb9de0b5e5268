package dev.weft.runtime.host.shape;

import dev.weft.runtime.host.http.Handler;
import dev.weft.runtime.host.http.Request;
import dev.weft.runtime.host.http.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Several functions, each on the path of its name, with what follows the name as its input if something does. One of them
 * answers on {@code /}: the one that was chosen, or the only one.
 */
final class Named implements Handler {

    private final Map<String, Step> steps;
    private final Optional<Step> chosen;
    private final ClassLoader loader;

    /** @param choice a name, or several with {@code |} or {@code ,} between them for one after the other */
    Named(Map<String, Step> steps, Optional<String> choice, ClassLoader loader) throws Unsuitable {
        this.steps = Map.copyOf(steps);
        this.loader = loader;
        this.chosen = choice.isPresent()
                ? Optional.of(composed(choice.get())
                        .orElseThrow(() -> new Unsuitable(
                                "there is no function " + choice.get() + " among " + new TreeSet<>(steps.keySet()))))
                : steps.size() == 1 ? steps.values().stream().findFirst() : Optional.empty();
    }

    private Optional<Step> composed(String names) {
        Optional<Step> all = Optional.empty();
        for (String name : names.split("[|,]", -1)) {
            Step step = steps.get(name.strip());
            if (step == null) {
                return Optional.empty();
            }
            all = Optional.of(all.map(before -> before.then(step)).orElse(step));
        }
        return all;
    }

    @Override
    public void handle(Request request, Response response) throws Throwable {
        if (Health.asked(request)) {
            return;
        }
        String path;
        try {
            path = decoded(request.path());
        } catch (IllegalArgumentException e) {
            Exchanged.refuse(new Exchanged.Unfit("the path is malformed: " + e.getMessage()), response);
            return;
        }
        int slash = path.indexOf('/');
        Optional<Step> named = composed(slash < 0 ? path : path.substring(0, slash));
        Optional<String> item =
                slash < 0 || named.isEmpty() ? Optional.empty() : Optional.of(path.substring(slash + 1));
        Optional<Step> step = named.or(() -> chosen);
        if (step.isEmpty()) {
            response.status(404);
            Exchanged.text(
                    "there is no function on " + request.path() + "; there are " + new TreeSet<>(steps.keySet()) + "\n",
                    response);
            return;
        }
        Exchanged.serve(step.get(), request, item, loader, response);
    }

    private static String decoded(String path) {
        String names = path.startsWith("/") ? path.substring(1) : path;
        return URLDecoder.decode(names.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
