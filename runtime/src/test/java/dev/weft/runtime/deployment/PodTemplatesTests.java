package dev.weft.runtime.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.ObjectNode;

class PodTemplatesTests {

    @Test
    void aNumberIsTheSameHoweverItWasRead() {
        assertSame(DecimalNode.valueOf(new BigDecimal("0.50")), DoubleNode.valueOf(0.5));
        assertSame(DecimalNode.valueOf(new BigDecimal("10.0")), IntNode.valueOf(10));
        assertSame(LongNode.valueOf(10), IntNode.valueOf(10));
        assertSame(
                DecimalNode.valueOf(new BigDecimal("0.12345678901234567890")),
                DoubleNode.valueOf(Double.parseDouble("0.12345678901234567890")));
        assertThat(PodTemplates.plain(template(DoubleNode.valueOf(0.5))))
                .isNotEqualTo(PodTemplates.plain(template(DoubleNode.valueOf(0.25))));
    }

    @Test
    void aHashIsAnotherAfterACollision() {
        JsonNode template = template(IntNode.valueOf(1));
        assertThat(TemplateHash.of(template, 1)).isNotEqualTo(TemplateHash.of(template, 0));
    }

    private static void assertSame(JsonNode one, JsonNode other) {
        assertThat(PodTemplates.plain(template(one))).isEqualTo(PodTemplates.plain(template(other)));
        assertThat(TemplateHash.of(template(one), 0)).isEqualTo(TemplateHash.of(template(other), 0));
    }

    private static ObjectNode template(JsonNode cpu) {
        ObjectNode template = JsonNodeFactory.instance.objectNode();
        template.withObject("/spec/limits").set("cpu", cpu);
        return template;
    }
}
