package dev.weft.control.compile;

import dev.weft.control.declared.Declarations;
import dev.weft.control.declared.Declared;
import dev.weft.control.declared.Findings;
import dev.weft.model.traffic.EdgeRules;
import dev.weft.resources.Kinds;
import dev.weft.resources.emissary.CorsPolicy;
import dev.weft.resources.emissary.EdgeModule;
import java.util.List;
import java.util.Optional;

/** What the Module named {@code ambassador} says of the whole edge; the oldest where there are several. */
final class EdgeModules {

    private final Optional<EdgeModule> module;

    EdgeModules(Declarations declarations, Findings findings) {
        List<Declared<EdgeModule>> named = declarations.readable(Kinds.MODULE, EdgeModule.class).stream()
                .filter(declared -> declared.resource().name().equals(EdgeModule.NAME))
                .sorted(Declared.OLDEST_FIRST)
                .toList();
        named.stream()
                .skip(1)
                .forEach(other -> findings.error(
                        other.key(),
                        "",
                        "Conflict",
                        named.getFirst().key() + " is older and speaks for the edge already.",
                        "Delete one of the two."));
        this.module = named.stream().findFirst().flatMap(Declared::value);
    }

    Optional<CorsPolicy> cors() {
        return module.flatMap(EdgeModule::cors);
    }

    /** Whether hosts that say nothing send clear text to HTTPS. */
    boolean redirectsClearText() {
        return module.map(EdgeModule::redirectClearText).orElse(false);
    }

    EdgeRules rules() {
        return module.map(EdgeModules::rules).orElse(EdgeRules.DEFAULT);
    }

    private static EdgeRules rules(EdgeModule module) {
        return new EdgeRules(
                switch (module.underscores()) {
                    case REJECT_REQUEST -> EdgeRules.Underscores.REFUSE;
                    case DROP_HEADER -> EdgeRules.Underscores.DROP;
                    case ALLOW -> EdgeRules.Underscores.ALLOW;
                },
                switch (module.escapedSlashes()) {
                    case REJECT_REQUEST -> EdgeRules.EscapedSlashes.REFUSE;
                    case UNESCAPE_AND_REDIRECT -> EdgeRules.EscapedSlashes.REDIRECT;
                    case KEEP_UNCHANGED -> EdgeRules.EscapedSlashes.ALLOW;
                },
                module.mergeSlashes(),
                module.headKilobytesMax() * 1024,
                EdgeRules.DEFAULT.targetBytesMax(),
                EdgeRules.DEFAULT.fieldsMax());
    }
}
