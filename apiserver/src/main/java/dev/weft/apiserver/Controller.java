package dev.weft.apiserver;

import dev.weft.apiserver.kinds.ServedKind;
import dev.weft.apiserver.kinds.ServedKinds;
import dev.weft.apiserver.ownership.FieldManager;
import dev.weft.apiserver.ownership.Ownership;
import dev.weft.apiserver.ownership.Shape;
import dev.weft.apiserver.store.Author;
import dev.weft.resources.Kind;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** One of the platform's own controllers as a manager of fields, like everybody who writes through the API. */
public final class Controller implements Author {

    private static final ServedKinds KINDS = new ServedKinds();

    private final String name;
    private final InstantSource clock;

    /** @param name for example {@code weft-runtime} */
    public Controller(String name, InstantSource clock) {
        this.name = name;
        this.clock = clock;
    }

    @Override
    public void note(Kind kind, ObjectNode before, ObjectNode document, boolean status) {
        Optional<ServedKind> served = KINDS.find(kind);
        boolean builtIn = served.filter(ServedKind::builtIn).isPresent();
        boolean statusApart = served.filter(ServedKind::status).isPresent();
        Shape shape = builtIn ? Shape.builtIn() : Shape.custom(MissingNode.getInstance());
        FieldManager manager = new FieldManager(name, false, kind.apiVersion(), status && statusApart ? "status" : "");
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        new Ownership(shape, manager, statusApart, now).update(before, document);
    }
}
