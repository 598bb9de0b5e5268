package dev.weft.catalog.why;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.Snapshot;
import java.util.List;

/** Tells the decision chain of one request, or of one opaque connection, in words. Pure. */
public final class Why {

    private Why() {}

    /**
     * The chain, line by line.
     *
     * @param hops as {@link Recent#find} gives them, at least one
     * @param snapshot the newest one, for what the outcomes themselves do not say
     */
    public static String text(List<Ended> hops, Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        text.append(
                        switch (hops.getFirst()) {
                            case Outcome request -> RequestWords.title(request);
                            case ConnectionOutcome connection -> ConnectionWords.title(connection);
                        })
                .append("\n  ")
                .append(
                        switch (telling(hops)) {
                            case Outcome request -> RequestWords.verdict(request);
                            case ConnectionOutcome connection -> ConnectionWords.verdict(connection);
                        })
                .append('\n');
        for (int i = 0; i < hops.size(); i++) {
            text.append('\n').append(i + 1).append(". ");
            switch (hops.get(i)) {
                case Outcome request -> RequestWords.hop(text, request, snapshot);
                case ConnectionOutcome connection -> ConnectionWords.hop(text, connection, snapshot);
            }
        }
        return text.toString();
    }

    /** The deepest hop whose proxy ended it, else the deepest that failed, else the first. */
    private static Ended telling(List<Ended> hops) {
        return hops.reversed().stream()
                .filter(hop -> hop.error().isPresent())
                .findFirst()
                .or(() -> hops.reversed().stream().filter(Ended::failed).findFirst())
                .orElse(hops.getFirst());
    }
}
