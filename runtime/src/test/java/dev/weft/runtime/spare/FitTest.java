package dev.weft.runtime.spare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.runtime.image.FunctionCommand;
import dev.weft.runtime.namespace.Shown;
import dev.weft.runtime.process.Account;
import dev.weft.runtime.wire.Launch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {

    private static final FunctionCommand FUNCTIONS =
            new FunctionCommand(Path.of("/jdk"), Path.of("/host.jar"), List.of());
    private static final List<String> COMMAND = FUNCTIONS.of(List.of(Path.of("/a.jar"), Path.of("/b.jar")), "shop.F");
    private static final Map<String, String> PARKED =
            Map.of("PATH", "/bin", "LANG", "C.UTF-8", "JDK_JAVA_OPTIONS", "-Dhttp.proxyHost=127.1.2.3");

    private static Fit fit(List<String> command, Map<String, String> environment) {
        return fit(command, environment, List.of(), Optional.empty());
    }

    private static Fit fit(
            List<String> command, Map<String, String> environment, List<Shown> shown, Optional<Account> account) {
        Path directory = Path.of("/work");
        Launch launch = new Launch("main", command, environment, directory, List.of(), shown, List.of(), account);
        return Fit.of(launch, FUNCTIONS, PARKED);
    }

    private static Map<String, String> options(String more) {
        return Map.of("LANG", "C.UTF-8", "JDK_JAVA_OPTIONS", "-Dhttp.proxyHost=127.1.2.3" + more);
    }

    @Test
    void aFunctionsOwnCommandSuitsWhateverElseItsEnvironmentSays() {
        assertThat(fit(COMMAND, Map.of("LANG", "C.UTF-8", "COLOUR", "red")))
                .isEqualTo(new Fit.Refused("JDK_JAVA_OPTIONS has more than properties (-Dname=value)"));
        Map<String, String> environment =
                Map.of("COLOUR", "red", "LANG", "C.UTF-8", "JDK_JAVA_OPTIONS", PARKED.get("JDK_JAVA_OPTIONS"));
        assertThat(fit(COMMAND, environment))
                .isEqualTo(new Fit.Suits(new FunctionCommand.Served("/a.jar:/b.jar", "shop.F"), Map.of()));
    }

    @Test
    void propertiesAreHandedOverAndOtherOptionsAreNot() {
        assertThat(fit(COMMAND, options(" -Dshop.colour=red -Dlog=a=b")))
                .extracting(fit -> ((Fit.Suits) fit).properties())
                .isEqualTo(Map.of("shop.colour", "red", "log", "a=b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " -Xmx64m",
                " -Duser.language=de",
                " -Djava.security.manager=x",
                " -Dcom.sun.management.jmxremote.port=1",
                " @file",
                " -Da=\"b c\"",
                "0"
            })
    void whatAJvmReadsAtItsStartIsRefused(String more) {
        assertThat(fit(COMMAND, options(more))).isInstanceOf(Fit.Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"LD_PRELOAD", "JAVA_TOOL_OPTIONS", "TZ", "LC_ALL", "MALLOC_ARENA_MAX", "CLASSPATH"})
    void variablesThatAreReadAtTheStartAreNamed(String name) {
        assertThat(fit(COMMAND, Map.of(name, "x", "LANG", "C.UTF-8", "JDK_JAVA_OPTIONS", "-Dhttp.proxyHost=127.1.2.3")))
                .isEqualTo(new Fit.Refused(name + " is read only when a process starts"));
    }

    @Test
    void aVariableThatTheParkedOneHasAndTheOtherHasNotIsOneToo() {
        assertThat(fit(COMMAND, Map.of("JDK_JAVA_OPTIONS", "-Dhttp.proxyHost=127.1.2.3")))
                .isEqualTo(new Fit.Refused("LANG is read only when a process starts"));
    }

    @Test
    void argumentsAccountsAndPartsOfVolumesNeedAFreshProcess() {
        List<String> longer = new ArrayList<>(COMMAND);
        longer.add("argument");
        assertThat(fit(longer, options(""))).isInstanceOf(Fit.Refused.class);
        assertThat(fit(List.of("sh", "-c", "true"), options(""))).isInstanceOf(Fit.Refused.class);

        Account other = new Account(1000, 1000, List.of());
        assertThat(fit(COMMAND, options(""), List.of(), Optional.of(other)))
                .isEqualTo(new Fit.Refused("it runs as the user 1000, with groups of its own"));
        Shown part = new Shown(Path.of("/volume"), Path.of("part"), Path.of("/data"), false);
        assertThat(fit(COMMAND, options(""), List.of(part), Optional.empty()))
                .isEqualTo(new Fit.Refused("a subPath of a volume can be mounted only before a program starts"));
    }
}
