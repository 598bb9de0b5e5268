package dev.weft.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OptionalType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The language of a schema's rules: {@code self} is what the schema describes, {@code oldSelf} what it was before. */
public final class SelfLanguage {

    /** Whether, and as what, a rule knows what was there before. */
    public enum Before {
        NONE,
        VALUE,
        OPTIONAL
    }

    private final JsonNode schema;
    private final boolean resource;
    private final Map<Before, Language> languages = new LinkedHashMap<>();

    /**
     * Makes the language of one place of a schema; nothing is loaded before the first rule.
     *
     * @param resource whether the schema describes a whole document
     */
    public SelfLanguage(JsonNode schema, boolean resource) {
        this.schema = schema;
        this.resource = resource;
    }

    /**
     * Compiles a rule or its message.
     *
     * @throws ExpressionException saying where in the expression something is wrong, and what
     */
    public Expression compile(String text, Expression.Result result, Before before) throws ExpressionException {
        return languages.computeIfAbsent(before, this::language).compile(text, Optional.of(result));
    }

    private Language language(Before before) {
        SchemaTypes types = new SchemaTypes(schema, resource);
        Map<String, CelType> variables = new LinkedHashMap<>();
        variables.put("self", types.root());
        switch (before) {
            case NONE -> {}
            case VALUE -> variables.put("oldSelf", types.root());
            case OPTIONAL -> variables.put("oldSelf", OptionalType.create(types.root()));
        }
        return Language.of(variables, types);
    }
}
