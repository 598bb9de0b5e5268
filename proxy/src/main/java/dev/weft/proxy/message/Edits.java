package dev.weft.proxy.message;

import dev.weft.http.h1.Fields;
import dev.weft.http.h1.HeadWriter;
import dev.weft.http.h1.RequestHead;
import dev.weft.proxy.route.HeadEdits;
import dev.weft.proxy.route.HeadView;
import java.util.Locale;

/** Carries out what a route's filters ask for. */
public final class Edits {

    private Edits() {}

    /** On a request's head; the path and the host too. */
    public static void apply(HeadEdits edits, RequestHead head, HeadView view, HeadWriter writer) {
        apply(edits.request(), head.fields(), writer);
        if (!edits.rewrites().isEmpty()) {
            String path = view.path();
            String rewritten = edits.rewritten(path);
            if (!rewritten.equals(path)) {
                writer.target(rewritten + head.target().query());
            }
        }
        if (edits.host().isPresent()) {
            writer.host(edits.host().get());
        }
    }

    /** On either head's fields. */
    public static void apply(HeadEdits.Fields edits, Fields fields, HeadWriter writer) {
        if (edits.isEmpty()) {
            return;
        }
        for (int i = 0; i < fields.count(); i++) {
            if (edits.removed().contains(fields.name(i).toLowerCase(Locale.ROOT))) {
                fields.drop(i);
            }
        }
        for (HeadEdits.Line line : edits.appended()) {
            writer.add(line.name(), line.value());
        }
    }
}
