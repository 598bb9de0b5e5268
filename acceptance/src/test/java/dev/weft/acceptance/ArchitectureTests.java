package dev.weft.acceptance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The directions between modules and the rules for packages, as ARCHITECTURE.md says them. */
final class ArchitectureTests {

    private static final String ROOT = "dev.weft.";

    /** What the main code of each module may use of ours; {@code cli} may use all. */
    private static final Map<String, Set<String>> ALLOWED = Map.of(
            "model", Set.of(),
            "http", Set.of(),
            "proxy", Set.of("model", "http"),
            "resources", Set.of("model"),
            "apiserver", Set.of("model", "resources"),
            "control", Set.of("model", "resources"),
            "serving", Set.of("model", "resources"),
            "runtime", Set.of("model", "resources"),
            "catalog", Set.of("model", "resources"));

    private static final int TYPES_MAX = 25;

    private final JavaClasses weft = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weft");

    @Test
    void modulesUseOnlyTheModulesBelowThem() {
        ALLOWED.forEach((module, allowed) -> {
            String[] others = ALLOWED.keySet().stream()
                    .filter(other -> !other.equals(module) && !allowed.contains(other))
                    .map(other -> ROOT + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .orShould()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.weft.cli..")
                    .allowEmptyShould(true)
                    .check(weft);
        });
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.weft.(**)").should().beFreeOfCycles().check(weft);
    }

    @Test
    void theModelUsesTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("dev.weft.model..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.weft.model..", "org.jspecify..")
                .check(weft);
    }

    @Test
    void onlyTheDataPathAndTheWiringKnowNetty() {
        noClasses()
                .that()
                .resideOutsideOfPackages("dev.weft.http..", "dev.weft.proxy..", "dev.weft.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .check(weft);
    }

    @Test
    void theCodecsKnowNoTransport() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.weft.http.h1..", "dev.weft.http.h2..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .allowEmptyShould(true)
                .check(weft);
    }

    @Test
    void packagesAreNamedAfterWhatTheyHold() {
        noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..helper..", "..helpers..")
                .check(weft);
    }

    @Test
    void everyPackageIsNullMarked() {
        List<String> unmarked = packages().entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .noneMatch(type -> type.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked")))
                .map(Map.Entry::getKey)
                .toList();
        assertThat(unmarked).isEmpty();
    }

    @Test
    void packagesStaySmall() {
        Map<String, Integer> large = new TreeMap<>();
        packages().forEach((name, types) -> {
            if (types.size() > TYPES_MAX) {
                large.put(name, types.size());
            }
        });
        assertThat(large).as("packages of more than " + TYPES_MAX + " types").isEmpty();
    }

    @Test
    void classesAreFinalUnlessTheyAreSealedOrAbstract() {
        Set<String> open = new TreeSet<>();
        for (JavaClass type : weft) {
            boolean closed = type.isInterface()
                    || type.isEnum()
                    || type.isAnonymousClass()
                    || type.getModifiers().contains(JavaModifier.FINAL)
                    || type.getModifiers().contains(JavaModifier.ABSTRACT)
                    || type.reflect().isSealed();
            if (!closed && !type.getSimpleName().equals("package-info")) {
                open.add(type.getName());
            }
        }
        assertThat(open).isEmpty();
    }

    /** Top-level types by package, without package-info. */
    private Map<String, Set<JavaClass>> packages() {
        Map<String, Set<JavaClass>> packages = new TreeMap<>();
        for (JavaClass type : weft) {
            boolean counted = type.isTopLevelClass() && !type.getSimpleName().equals("package-info");
            if (counted && !type.getPackageName().startsWith("dev.weft.acceptance")) {
                packages.computeIfAbsent(type.getPackageName(), any -> new java.util.HashSet<>())
                        .add(type);
            }
        }
        return packages;
    }
}
