package dev.weft.apiserver.kinds;

import dev.weft.resources.Kind;
import dev.weft.resources.definition.CustomResourceDefinition;
import dev.weft.resources.definition.DefinedNames;
import dev.weft.resources.definition.DefinedScale;
import dev.weft.resources.definition.DefinedVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A kind as clients see it.
 *
 * @param singular for the command line
 * @param versions every version that is served, the preferred one first; a document is the same in all of them but for
 *     its {@code apiVersion}, except where {@link dev.weft.resources.smi.Conversion} knows better
 * @param shortNames for the command line, for example {@code ksvc}
 * @param categories groups of kinds for the command line, for example {@code all}
 * @param status whether {@code status} is a subresource of its own
 * @param builtIn one of Kubernetes' own kinds, to which strategic merge patches apply
 * @param columns what a table shows beside the name, unless the version says
 * @param custom the versions of a CustomResourceDefinition that somebody applied
 * @param foreign whether that definition is all that is known of the kind
 */
public record ServedKind(
        Kind kind,
        String singular,
        List<String> versions,
        List<String> shortNames,
        List<String> categories,
        boolean status,
        boolean builtIn,
        List<Column> columns,
        Map<String, CustomVersion> custom,
        boolean foreign) {

    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private static final Set<String> QUESTIONS = Set.of("authentication.k8s.io", "authorization.k8s.io");

    public ServedKind {
        versions = List.copyOf(versions);
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        columns = List.copyOf(columns);
        custom = Map.copyOf(custom);
    }

    /** One of ours. */
    static ServedKind known(
            Kind kind,
            List<String> versions,
            List<String> shortNames,
            List<String> categories,
            boolean status,
            boolean builtIn,
            List<Column> columns) {
        String singular = kind.kind().toLowerCase(Locale.ROOT);
        return new ServedKind(
                kind, singular, versions, shortNames, categories, status, builtIn, columns, Map.of(), false);
    }

    /** One that somebody brought. */
    static ServedKind foreign(CustomResourceDefinition definition) {
        return new ServedKind(
                definition.kind(),
                definition.names().singular(),
                definition.versions().stream()
                        .filter(DefinedVersion::served)
                        .map(DefinedVersion::name)
                        .sorted(new VersionOrder())
                        .toList(),
                definition.names().shortNames(),
                definition.names().categories(),
                definition.versions().stream().anyMatch(DefinedVersion::status),
                false,
                List.of(),
                custom(definition),
                true);
    }

    /** The same with the schemas of the original project, for whoever explains or applies. */
    ServedKind described(CustomResourceDefinition definition) {
        return new ServedKind(
                kind, singular, versions, shortNames, categories, status, builtIn, columns, custom(definition), false);
    }

    /** Whether it is this definition that defines it, and not another of its group. */
    boolean isOf(CustomResourceDefinition definition) {
        boolean samePlural = kind.plural().equals(definition.names().plural());
        boolean sameKind = foreign || kind.kind().equals(definition.names().kind());
        return kind.group().equals(definition.group()) && samePlural && sameKind;
    }

    boolean sharesNames(CustomResourceDefinition definition) {
        DefinedNames wanted = definition.names();
        Stream<String> words =
                Stream.concat(Stream.of(wanted.plural(), wanted.singular()), wanted.shortNames().stream());
        return kind.group().equals(definition.group())
                && (kind.kind().equals(wanted.kind()) || words.anyMatch(this::isCalled));
    }

    /** Whether it is what a word on the command line means. */
    private boolean isCalled(String word) {
        return word.equals(kind.plural()) || word.equals(singular) || shortNames.contains(word);
    }

    /** Whether its documents are answered and not kept: token and access reviews. */
    public boolean question() {
        return QUESTIONS.contains(kind.group());
    }

    /** Whether its documents are made for whoever asks: figures of use. */
    public boolean figures() {
        return kind.group().equals("metrics.k8s.io");
    }

    /** What can be done with it. */
    List<String> verbs() {
        return question() ? List.of("create") : figures() ? List.of("get", "list") : VERBS;
    }

    public List<Subresource> subresources(String version) {
        return Subresource.of(this, version);
    }

    public List<Column> columns(String version) {
        return foreign && custom.containsKey(version) ? custom.get(version).columns() : columns;
    }

    /** A missing node when nobody brought one. */
    public JsonNode schema(String version) {
        CustomVersion defined = custom.get(version);
        if (defined == null || !(foreign || defined.schema().has("properties"))) {
            return MissingNode.getInstance();
        }
        return defined.schema();
    }

    /** What field selectors may name of a kind that somebody brought: {@code spec.color}. */
    public List<String> selectable(String version) {
        CustomVersion defined = foreign ? custom.get(version) : null;
        return defined == null ? List.of() : defined.selectable();
    }

    /** Where a foreign kind keeps its number of replicas. */
    public Optional<DefinedScale> scale(String version) {
        return foreign ? Optional.ofNullable(custom.get(version)).flatMap(CustomVersion::scale) : Optional.empty();
    }

    private static Map<String, CustomVersion> custom(CustomResourceDefinition definition) {
        return definition.versions().stream()
                .collect(Collectors.toMap(DefinedVersion::name, CustomVersion::of, (first, second) -> first));
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
