package dev.weft.apiserver.kinds;

import dev.weft.resources.Kind;
import java.util.List;
import java.util.Locale;

/**
 * A kind as clients see it.
 *
 * @param versions every version that is served, the preferred one first; a document is the same in all of them but for
 *     its {@code apiVersion}
 * @param shortNames for the command line, for example {@code ksvc}
 * @param categories groups of kinds for the command line, for example {@code all}
 * @param status whether {@code status} is a subresource of its own
 * @param builtIn one of Kubernetes' own kinds, to which strategic merge patches apply
 * @param columns what a table shows beside the name
 */
public record ServedKind(
        Kind kind,
        List<String> versions,
        List<String> shortNames,
        List<String> categories,
        boolean status,
        boolean builtIn,
        List<Column> columns) {

    public ServedKind {
        versions = List.copyOf(versions);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        columns = List.copyOf(columns);
    }

    public String singular() {
        return kind.kind().toLowerCase(Locale.ROOT);
    }

    public List<Subresource> subresources() {
        return Subresource.of(this);
    }

    /** {@code apps/v1}, or {@code v1} for the core group. */
    public String apiVersion(String version) {
        return kind.group().isEmpty() ? version : kind.group() + "/" + version;
    }

    /** {@code deployments.apps}, the way messages name it. */
    public String resourceName() {
        return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    }

    /** {@code Deployment.apps}, the way refusals of a document name it. */
    public String kindName() {
        return kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
    }
}
