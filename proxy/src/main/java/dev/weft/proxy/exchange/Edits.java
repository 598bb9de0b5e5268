package dev.weft.proxy.exchange;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeadWriter;
import dev.weft.proxy.route.HeadEdits;

/** Carries out what a route's filters ask for. */
final class Edits {

    private Edits() {}

    /** On the request's head; the path and the host too. */
    static void apply(HeadEdits edits, Exchange exchange) {
        apply(edits.request(), exchange.head().fields(), exchange.toServer());
        if (!edits.rewrites().isEmpty()) {
            String path = exchange.view().path();
            String rewritten = edits.rewritten(path);
            if (!rewritten.equals(path)) {
                exchange.toServer().target(rewritten + exchange.head().target().query());
            }
        }
        if (edits.host().isPresent()) {
            exchange.toServer().host(edits.host().get());
        }
    }

    /** On either head's fields. */
    static void apply(HeadEdits.Fields edits, Fields fields, HeadWriter writer) {
        if (edits.isEmpty()) {
            return;
        }
        for (int i = 0; i < fields.count(); i++) {
            if (edits.removed().contains(fields.name(i).toLowerCase(java.util.Locale.ROOT))) {
                fields.drop(i);
            }
        }
        for (HeadEdits.Line line : edits.appended()) {
            writer.add(line.name(), line.value());
        }
    }
}
