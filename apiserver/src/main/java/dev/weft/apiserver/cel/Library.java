package dev.weft.apiserver.cel;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects functions: what the checker knows of each overload, and what runs it. */
final class Library {

    /** What a function does with its arguments, whose classes have been checked. */
    interface Body {
        Object of(Object[] arguments) throws CelEvaluationException;
    }

    private final List<CelFunctionDecl> declarations = new ArrayList<>();
    private final List<CelFunctionBinding> bindings = new ArrayList<>();

    /** A function on its own: {@code quantity("1")}. */
    void function(String name, CelType result, List<CelType> parameters, Body body) {
        String id = id(name, parameters);
        declarations.add(CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newGlobalOverload(id, result, parameters)));
        bind(id, parameters, body);
    }

    /** A function of its first parameter: {@code text.find("a")}. */
    void member(String name, CelType result, List<CelType> parameters, Body body) {
        String id = "of_" + id(name, parameters);
        declarations.add(CelFunctionDecl.newFunctionDeclaration(
                name, CelOverloadDecl.newMemberOverload(id, result, parameters)));
        bind(id, parameters, body);
    }

    List<CelFunctionDecl> declarations() {
        return declarations;
    }

    List<CelFunctionBinding> bindings() {
        return bindings;
    }

    @SuppressWarnings("Immutable") // the functions keep nothing; their type is no immutable one for the checker
    private void bind(String id, List<CelType> parameters, Body body) {
        List<Class<?>> classes = new ArrayList<>();
        parameters.forEach(type -> classes.add(javaClass(type)));
        bindings.add(CelFunctionBinding.from(id, ImmutableList.copyOf(classes), body::of));
    }

    private static String id(String name, List<CelType> parameters) {
        StringBuilder id = new StringBuilder("weft_" + name.replace('.', '_'));
        parameters.forEach(type -> id.append('_').append(word(type)));
        return id.toString();
    }

    private static String word(CelType type) {
        String parts = type instanceof ListType list && list.hasElemType()
                ? "_" + list.elemType().name()
                : "";
        return (type.name() + parts).replaceAll("[^A-Za-z0-9]", "_");
    }

    private static Class<?> javaClass(CelType type) {
        if (type instanceof ListType) {
            return List.class;
        }
        if (type instanceof MapType) {
            return Map.class;
        }
        if (type.equals(SimpleType.STRING)) {
            return String.class;
        }
        if (type.equals(SimpleType.INT)) {
            return Long.class;
        }
        return switch (type.name()) {
            case Addresses.IP_NAME -> Addresses.Ip.class;
            case Addresses.CIDR_NAME -> Addresses.Cidr.class;
            case Quantities.NAME -> Quantities.Amount.class;
            case Texts.URL_NAME -> java.net.URI.class;
            case Formats.NAME -> Formats.Format.class;
            case Rights.AUTHORIZER_NAME -> Rights.Authorizer.class;
            case Rights.PATH_NAME -> Rights.PathCheck.class;
            case Rights.GROUP_NAME -> Rights.GroupCheck.class;
            case Rights.RESOURCE_NAME -> Rights.ResourceCheck.class;
            case Rights.DECISION_NAME -> Rights.Decision.class;
            case Versions.NAME -> Versions.Version.class;
            default -> Object.class;
        };
    }
}
