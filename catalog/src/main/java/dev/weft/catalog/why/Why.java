package dev.weft.catalog.why;

import dev.weft.model.outcome.ConnectionOutcome;
import dev.weft.model.outcome.Ended;
import dev.weft.model.outcome.Outcome;
import dev.weft.model.traffic.Snapshot;
import dev.weft.model.workload.Instance;
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
                case ConnectionOutcome connection -> ConnectionWords.hop(text, connection);
            }
        }
        return withPodsAddresses(text.toString(), snapshot);
    }

    /** Where a node listens for a pod means nothing to people: the pod's own address stands in its place. */
    private static String withPodsAddresses(String text, Snapshot snapshot) {
        String told = text;
        for (Instance instance : snapshot.instances()) {
            boolean own = !instance.podAddress().equals(instance.address());
            for (Instance.Port port : own ? instance.ports() : List.<Instance.Port>of()) {
                told = told.replace(
                        instance.address() + ":" + port.inboundPort(),
                        instance.podAddress() + ":" + port.containerPort());
            }
        }
        return told;
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
