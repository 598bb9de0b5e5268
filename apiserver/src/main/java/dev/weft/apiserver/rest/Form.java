package dev.weft.apiserver.rest;

import dev.weft.apiserver.kinds.Tables;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** In which form a client wants its answer. */
enum Form {
    /** The documents themselves. */
    DOCUMENT,
    /** Columns and cells, for people. */
    TABLE,
    /** The metadata only, for controllers that look at nothing else. */
    METADATA;

    private static final String GROUP = "meta.k8s.io";

    /**
     * The first form in the Accept header that is offered.
     *
     * @throws ApiException with 406 when there is none
     */
    static Form of(Exchange exchange) {
        if (exchange.accept().isBlank()) {
            return DOCUMENT;
        }
        for (String range : exchange.accepted()) {
            Optional<Form> form = of(range);
            if (form.isPresent()) {
                return form.get();
            }
        }
        throw ApiException.notAcceptable("application/json");
    }

    /** Which part of the objects a table carries. */
    static Tables.Include include(Exchange exchange) {
        return switch (exchange.query("includeObject")) {
            case "None" -> Tables.Include.NONE;
            case "Object" -> Tables.Include.OBJECT;
            default -> Tables.Include.METADATA;
        };
    }

    private static Optional<Form> of(String range) {
        List<String> parts = Arrays.stream(range.split(";")).map(String::strip).toList();
        String type = parts.getFirst();
        if (!List.of("application/json", "application/*", "*/*", "text/plain").contains(type)) {
            return Optional.empty();
        }
        Map<String, String> parameters = parts.stream()
                .skip(1)
                .map(part -> part.split("=", 2))
                .collect(Collectors.toMap(part -> part[0], part -> part.length == 2 ? part[1] : "", (a, b) -> a));
        String as = parameters.getOrDefault("as", "");
        if (as.isEmpty()) {
            return Optional.of(DOCUMENT);
        }
        if (!parameters.getOrDefault("g", "").equals(GROUP)
                || !parameters.getOrDefault("v", "").equals("v1")) {
            return Optional.empty();
        }
        return switch (as) {
            case "Table" -> Optional.of(TABLE);
            case "PartialObjectMetadata", "PartialObjectMetadataList" -> Optional.of(METADATA);
            default -> Optional.empty();
        };
    }
}
