package dev.weft.cli.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Every kind that the server serves, core ones first. */
public final class Discovery {

    private final List<ApiKind> kinds = new ArrayList<>();

    public Discovery(ApiClient api) {
        add("", "v1", api.get("/api/v1"));
        for (JsonNode group : api.get("/apis").path("groups")) {
            String name = group.path("name").asString("");
            String version = group.at("/preferredVersion/version").asString("");
            add(name, version, api.get("/apis/" + name + "/" + version));
        }
    }

    /** The kind that a person means by a word. */
    public ApiKind named(String word) {
        return kinds.stream()
                .filter(kind -> kind.answersTo(word))
                .findFirst()
                .orElseThrow(() -> Refusal.impossible("the platform has no kind \"" + word + "\"; it has "
                        + String.join(
                                ", ",
                                kinds.stream()
                                        .map(ApiKind::plural)
                                        .sorted()
                                        .distinct()
                                        .toList())));
    }

    public Optional<ApiKind> find(String group, String kind) {
        return kinds.stream()
                .filter(known -> known.group().equals(group) && known.kind().equals(kind))
                .findFirst();
    }

    private void add(String group, String version, JsonNode list) {
        for (JsonNode resource : list.path("resources")) {
            String plural = resource.path("name").asString("");
            if (plural.contains("/")) {
                continue; // a subresource
            }
            List<String> shortNames = new ArrayList<>();
            resource.path("shortNames").forEach(name -> shortNames.add(name.asString("")));
            kinds.add(new ApiKind(
                    group,
                    version,
                    resource.path("kind").asString(""),
                    plural,
                    resource.path("namespaced").asBoolean(false),
                    List.copyOf(shortNames)));
        }
    }
}
