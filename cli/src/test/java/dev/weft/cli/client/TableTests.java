package dev.weft.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TableTests {

    private final Table table =
            new Table("NAME", "SUCCESS RATE").row("hello", "100.00%").row("a-longer-name", "9%");

    @Test
    void alignsColumnsForPeople() {
        assertThat(table.print(OutputFormat.TABLE))
                .isEqualTo("NAME            SUCCESS RATE\nhello           100.00%\na-longer-name   9%\n");
    }

    @Test
    void namesFieldsByTheirHeadingsForMachines() {
        assertThat(Texts.parse(table.print(OutputFormat.JSON))
                        .at("/1/successRate")
                        .asString())
                .isEqualTo("9%");
        assertThat(table.print(OutputFormat.YAML)).startsWith("- name: hello\n  successRate: 100.00%\n");
    }
}
