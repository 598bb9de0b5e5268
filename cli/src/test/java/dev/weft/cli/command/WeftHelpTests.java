package dev.weft.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeftHelpTests {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up", "proxy", "demo", "apply", "get", "delete", "logs", "stat", "edges", "tap", "why", "fn", "dev"
            })
    void everyCommandPrintsItsHelp(String command) {
        assertThat(Weft.run(command, "--help")).isZero();
    }
}
