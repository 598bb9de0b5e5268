package dev.weft.apiserver.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles expressions over some variables. Making one costs milliseconds, so it is kept for the expressions that share
 * its variables. The library is loaded with the first expression that there is.
 *
 * <p>What an expression may cost is bounded: its length and depth, the size of its regular expressions, which run in linear
 * time, and by a {@link Budget} its steps, the texts that it makes, and the time that it takes.
 */
public final class Language {

    static final int REGEX_SIZE_MAX = 10_000;
    private static final int LENGTH_MAX = 100_000;
    private static final int TURNS_MAX = 1_000_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(LENGTH_MAX)
            .maxParseRecursionDepth(60)
            .comprehensionMaxIterations(TURNS_MAX)
            .maxRegexProgramSize(REGEX_SIZE_MAX)
            .enableRegexPartialMatch(true)
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(true)
            .errorOnDuplicateMapKeys(true)
            .build();

    private static final Library KUBERNETES = kubernetes();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder()
            .setOptions(OPTIONS)
            .addLibraries(
                    CelExtensions.strings(),
                    CelExtensions.sets(OPTIONS),
                    CelExtensions.optional(),
                    CelExtensions.math(),
                    CelExtensions.encoders(OPTIONS))
            .addFunctionBindings(KUBERNETES.bindings())
            .build();

    private final CelCompiler compiler;

    private Language(CelCompiler compiler) {
        this.compiler = compiler;
    }

    /** One whose variables can be anything. */
    public static Language of(List<String> variables) {
        CelCompilerBuilder builder = builder();
        variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
        return new Language(builder.build());
    }

    /** The same, and {@code authorizer}. */
    public static Language withRights(List<String> variables) {
        CelCompilerBuilder builder = builder();
        variables.forEach(name -> builder.addVar(name, SimpleType.DYN));
        Rights.variables().forEach(builder::addVar);
        return new Language(builder.build());
    }

    /** One whose variables have types, which the provider knows by their names. */
    static Language of(Map<String, CelType> variables, CelTypeProvider types) {
        CelCompilerBuilder builder = builder().setTypeProvider(types);
        variables.forEach(builder::addVar);
        return new Language(builder.build());
    }

    /**
     * Compiles an expression that has to have a result of some type, or one that is known only later.
     *
     * @throws ExpressionException saying where in the expression something is wrong, and what
     */
    public Expression compile(String text, Optional<Expression.Result> wanted) throws ExpressionException {
        CelValidationResult checked = compiler.compile(text);
        if (checked.hasError()) {
            throw new ExpressionException("compilation failed: " + checked.getErrorString());
        }
        try {
            CelAbstractSyntaxTree tree = checked.getAst();
            CelType type = tree.getResultType();
            boolean fits = wanted.isEmpty()
                    || type.equals(SimpleType.DYN)
                    || type.equals(wanted.get().type());
            if (!fits) {
                throw new ExpressionException("must evaluate to " + wanted.get().word() + " (is " + type.name() + ")");
            }
            return new Expression(text, RUNTIME.createProgram(tree));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new ExpressionException("compilation failed: " + e.getMessage());
        }
    }

    private static CelCompilerBuilder builder() {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.bindings(),
                        CelExtensions.math(),
                        CelExtensions.encoders(OPTIONS))
                .addFunctionDeclarations(KUBERNETES.declarations());
    }

    private static Library kubernetes() {
        Library library = new Library();
        Lists.declare(library);
        Texts.declare(library);
        Quantities.declare(library);
        Addresses.declare(library);
        Formats.declare(library);
        Versions.declare(library);
        Rights.declare(library);
        return library;
    }
}
